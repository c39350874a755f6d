"""manage.py check_documents: is every issued document as it was issued?"""

from django.core.management.base import BaseCommand

from reports.models import IssuedDocument


class Command(BaseCommand):
    help = "Regner hele rækken af udsendte dokumenter efter. Slutter med 1 og siger hvilke, hvis noget er ændret."

    def handle(self, *args, **options):
        faults = list(IssuedDocument.objects.faults())
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise SystemExit(1)
        last = IssuedDocument.objects.order_by("number").last()
        if last is None:
            self.stdout.write("Der er ikke udsendt nogen dokumenter endnu.")
        else:
            self.stdout.write(f"{last.number} dokumenter er, som de blev udsendt. Det sidste: {last.sha256}")
