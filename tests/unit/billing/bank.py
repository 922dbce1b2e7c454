"""Files as a bank sends them back."""

from collections.abc import Iterable

Line = tuple[str, str, int]  # reference, reason code, cents


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def pain_002(message_id: str, lines: Iterable[Line]) -> bytes:
    """Rejects before the collection."""
    rows = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>"
        f'<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">{_euros(cents)}</InstdAmt></Amt></OrgnlTxRef>'
        "</TxInfAndSts>"
        for reference, code, cents in lines
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{message_id}</MsgId></GrpHdr><OrgnlPmtInfAndSts>{rows}"
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def camt_054(message_id: str, lines: Iterable[Line]) -> bytes:
    """Returns of what was collected."""
    rows = "".join(
        f"<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>"
        f'<AmtDtls><InstdAmt><Amt Ccy="EUR">{_euros(cents)}</Amt></InstdAmt></AmtDtls>'
        f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf></TxDtls>"
        for reference, code, cents in lines
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02">'
        f"<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>{message_id}</MsgId></GrpHdr><Ntfctn><Ntry>"
        f"<NtryDtls>{rows}</NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()
