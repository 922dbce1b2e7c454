"""The six services of the portal and the chassis that carries them."""
