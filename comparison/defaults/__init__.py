"""The atlas of defaults: what each ecosystem does when nobody decides anything."""
