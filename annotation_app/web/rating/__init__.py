"""The annotator's pages: the workbench, its images, the guideline, one's own history and keys."""
