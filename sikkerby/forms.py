from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    form_template_name = "_form.html"
    field_template_name = "_field.html"
