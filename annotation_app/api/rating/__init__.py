"""What the workbench page asks for while an annotator works; own work only."""
