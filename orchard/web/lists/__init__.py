"""The frame of long lists: what one declares of itself, what its address asks for, how it is drawn, kept and taken."""
