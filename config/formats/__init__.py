"""How the admin and plain values write dates: as the pages do, the day first."""
