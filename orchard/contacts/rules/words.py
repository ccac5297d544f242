"""Lists the words that do not tell two companies or people apart: legal forms, titles, free mail providers."""

_LEGAL_FORMS = """
    ab ad ag ao aps as asa bhd bt bv co company corp corporation cv dd doo ek eood ev gbr gesmbh ggmbh
    gmbh ilp inc incorporated kft kg kgaa kk limited llc llp lp ltd ltda mbh nv nyrt oao ohg ood ooo ou oy
    oyj plc private pte pty pvt sa sab sac sapi sarl sas sasu sc scs sdn se sgps sia sl slu snc sp spa spk
    spol spzoo srl sro uab ug unlimited zao zoo zrt
"""
_TITLES = (
    "dr prof professor mr mrs ms miss mx herr frau mme mlle sr sra dipl ing mag phd msc mba bsc ba ma jr"
)
_FREE_MAIL_DOMAINS = """
    126.com 163.com aol.com bol.com.br fastmail.com free.fr gmail.com gmx.at gmx.ch gmx.de gmx.net
    googlemail.com hotmail.co.uk hotmail.com hotmail.de hotmail.fr icloud.com laposte.net libero.it
    live.com mac.com mail.com mail.ru me.com msn.com orange.fr outlook.com outlook.de pm.me proton.me
    protonmail.com qq.com t-online.de terra.com.br uol.com.br wanadoo.fr web.de yahoo.co.uk yahoo.com
    yahoo.com.br yahoo.de yahoo.fr yandex.ru ymail.com zoho.com
"""

LEGAL_FORMS = frozenset(_LEGAL_FORMS.split())
"""What stands at the end of a company's name and says only how it is registered; dots left out."""

BETWEEN_LEGAL_FORMS = frozenset({"and", "et", "und", "y", "z", "oo", "rl"})
"""What stands between two legal forms, as in `GmbH & Co. KG` or `Sp. z o.o.`."""

ARTICLES = frozenset({"the"})
TITLES = frozenset(_TITLES.split())

FREE_MAIL_DOMAINS = frozenset(_FREE_MAIL_DOMAINS.split())
"""Domains where anybody may have an address, so that they say nothing of an employer."""
