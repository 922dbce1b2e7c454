"""Supporting documents of the families: taken in, kept encrypted, shown to those who may."""
