"""What things cost here and in the libraries people would use otherwise: ``make bench``. See docs/performance.md."""
