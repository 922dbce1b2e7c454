"""Every page of the portal, gathered from the modules of its areas."""

from gateway.page import PageRoute
from gateway.pages import (
    a_propos,
    accueil,
    agents_accueil,
    agents_activites,
    agents_codes,
    agents_courriers,
    agents_facturation,
    agents_familles,
    agents_inscriptions,
    agents_seances,
    agents_tarifs,
    connexion,
    demarches,
    documents,
    factures,
    famille,
    inscriptions,
    reservations,
)

ROUTES: tuple[PageRoute, ...] = (
    *connexion.ROUTES,
    *accueil.ROUTES,
    *famille.ROUTES,
    *inscriptions.ROUTES,
    *reservations.ROUTES,
    *documents.ROUTES,
    *factures.ROUTES,
    *demarches.ROUTES,
    *agents_accueil.ROUTES,
    *agents_familles.ROUTES,
    *agents_codes.ROUTES,
    *agents_activites.ROUTES,
    *agents_inscriptions.ROUTES,
    *agents_seances.ROUTES,
    *agents_tarifs.ROUTES,
    *agents_facturation.ROUTES,
    *agents_courriers.ROUTES,
    *a_propos.ROUTES,
)
