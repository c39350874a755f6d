"""manage.py check_documents: is every issued document, and all that was recorded of them, as it was?"""

from django.core.management.base import BaseCommand

from reports.models import ChainCheck, IssuedDocument, RegisterEntry


class Command(BaseCommand):
    help = (
        "Regner rækken af udsendte dokumenter og registret over beslutninger, journaliseringer og spærringer efter. "
        "Slutter med 1 og siger hvilke, hvis noget er ændret."
    )

    def handle(self, *args, **options):
        faults = list(ChainCheck.objects.faults())
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise SystemExit(1)
        document = IssuedDocument.objects.order_by("number").last()
        if document is None:
            self.stdout.write("Der er ikke udsendt nogen dokumenter endnu.")
        else:
            self.stdout.write(f"{document.number} dokumenter er, som de blev udsendt. Det sidste: {document.sha256}")
        if entry := RegisterEntry.objects.order_by("number").last():
            self.stdout.write(f"{entry.number} indførsler er, som de blev indført. Den sidste: {entry.sha256}")
