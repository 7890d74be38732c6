"""The model and the resource of the peer; can be imported once Django has its settings."""

from datetime import datetime

from django.db import models
from import_export import fields, resources, widgets
from import_export.instance_loaders import CachedInstanceLoader

from tests.bench.import_openpyxl import STATES


class Item(models.Model):
    """One item, as the peer keeps it."""

    uid = models.CharField(max_length=36, primary_key=True)
    state = models.CharField(max_length=20, default="")
    done_on = models.CharField(max_length=40, default="")
    title = models.CharField(max_length=160, default="")
    title_on = models.CharField(max_length=40, default="")

    class Meta:
        """Where it is kept."""

        app_label = "measured"
        db_table = "item"

    def __str__(self) -> str:
        """Return its id."""
        return str(self.uid)


class State(widgets.Widget):
    """The word of a state."""

    def clean(self, value: object, row: object = None, **kwargs: object) -> str:
        """Return the state."""
        del row, kwargs
        return STATES[str(value)]


class Day(widgets.Widget):
    """A day, which has to be one."""

    def clean(self, value: object, row: object = None, **kwargs: object) -> str:
        """Return the day as text."""
        del row, kwargs
        if not isinstance(value, datetime):
            message = "done without a day"
            raise TypeError(message)
        return str(value)


class ItemResource(resources.ModelResource):
    """The columns of the sheet that change items."""

    uid = fields.Field(column_name="Id", attribute="uid")
    state = fields.Field(column_name="State", attribute="state", widget=State())
    done_on = fields.Field(column_name="Done on", attribute="done_on", widget=Day())
    title = fields.Field(column_name="Evidence: title", attribute="title")
    title_on = fields.Field(column_name="Evidence: date", attribute="title_on", widget=Day())

    class Meta:
        """Bulk mode."""

        model = Item
        import_id_fields = ("uid",)
        fields = ("uid", "state", "done_on", "title", "title_on")
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        skip_html_diff = True
        force_init_instance = False
        instance_loader_class = CachedInstanceLoader
