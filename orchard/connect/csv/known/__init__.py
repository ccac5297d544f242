"""Maps of exports that are files and nothing more: mailings, events, webinars, badges."""
