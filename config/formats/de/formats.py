"""Short months, as on the pages; what is entered stays as Django has it."""

DATE_FORMAT = "j. N Y"
DATETIME_FORMAT = "j. N Y, H:i"
