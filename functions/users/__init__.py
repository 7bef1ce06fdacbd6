"""People: their profile, their organization, who belongs to it."""
