"""The measured promises of Orchard, one script each, every one beside a reference that is taken in the same run."""
