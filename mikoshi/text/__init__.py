"""What everything speaks with: languages, units, times, errors, files, names, the screen."""
