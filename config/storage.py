"""Where static files are kept once they have their hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """The manifest also names the modules that scripts bring in, so that a page never mixes two versions."""

    support_js_module_import_aggregation = True
