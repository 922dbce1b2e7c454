"""The page on which somebody says who they are."""

from collections.abc import Mapping
from html import escape

PAGE = """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>S’identifier – FranceConnect de démonstration</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><p class="demo">FranceConnect de démonstration&nbsp;: dites simplement qui vous êtes,
personne ne vérifie.</p></header>
<main>
<h1>Qui êtes-vous&nbsp;?</h1>
<form method="post">
{hidden}
<p><label for="prenoms">Prénoms</label><br><input id="prenoms" name="given_name" required></p>
<p><label for="nom">Nom de naissance</label><br><input id="nom" name="family_name" required></p>
<p><label for="naissance">Date de naissance</label><br>
<input id="naissance" name="birthdate" type="date" value="1985-04-12" required></p>
<button class="go">Continuer</button>
</form>
</main>
</body>
</html>
"""


def sign_in_page(asked: Mapping[str, str]) -> str:
    """The form, which carries along what the client asked."""
    hidden = "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.items()
    )
    return PAGE.format(hidden=hidden)
