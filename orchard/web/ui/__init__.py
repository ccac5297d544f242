"""The face: shell, components, forms, styles and scripts that every desk's pages are made of."""
