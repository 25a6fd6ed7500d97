"""What letters say, in Swedish, Finnish and English."""

LANGUAGES = {
    "sv": {
        "titles": {"invoice": "Faktura", "reminder": "Betalningspåminnelse", "notice": "Betalningsanmärkning", "demand": "Inkassokrav"},
        "bodies": {
            "invoice": "Här är din faktura. Betala senast {deadline}.",
            "reminder": "Enligt våra uppgifter är fakturan nedan inte betald. Har du redan betalat kan du bortse från detta brev.",
            "notice": "Trots vår påminnelse är fakturan nedan inte betald. Betala senast {deadline}, annars går kravet vidare till inkasso.",
            "demand": "Vi kräver betalning av skulden nedan senast {deadline}. Betalas den inte kan vi ansöka om betalningsföreläggande "
                      "hos Kronofogden, vilket medför ytterligare kostnader. Bestrider du kravet, meddela oss före samma dag.",
        },
        "bodies_for_several": {
            "reminder": "Enligt våra uppgifter är fakturorna nedan inte betalda. Har du redan betalat kan du bortse från detta brev.",
            "notice": "Trots vår påminnelse är fakturorna nedan inte betalda. Betala senast {deadline}, annars går kraven vidare till inkasso.",
            "demand": "Vi kräver betalning av skulderna nedan senast {deadline}. Betalas de inte kan vi ansöka om betalningsföreläggande "
                      "hos Kronofogden, vilket medför ytterligare kostnader. Bestrider du något av kraven, meddela oss före samma dag.",
        },
        "each": "Betala varje faktura för sig, med dess referens.",
        "greeting": "Hej {customer_name}!",
        "invoice": "Faktura", "invoice_date": "Fakturadatum", "due_date": "Förfallodag", "claim": "Avser", "creditor": "Borgenär",
        "principal": "Kapital", "interest": "Dröjsmålsränta", "fees": "Avgifter", "rounding": "Öresavrundning", "part": "Att betala för fakturan", "total": "Att betala",
        "deadline": "Betala senast", "reference": "Referens", "letter_date": "Datum", "contact": "Kontakt",
        "interest_line": "{from_day} – {to_day}: {rate} % på {capital}",
    },
    "fi": {
        "titles": {"invoice": "Lasku", "reminder": "Maksumuistutus", "notice": "Maksukehotus", "demand": "Maksuvaatimus"},
        "bodies": {
            "invoice": "Tässä on laskusi. Maksa viimeistään {deadline}.",
            "reminder": "Tietojemme mukaan alla oleva lasku on maksamatta. Jos olet jo maksanut, tämä kirje on aiheeton.",
            "notice": "Muistutuksestamme huolimatta alla oleva lasku on maksamatta. Maksa viimeistään {deadline}, muuten saatava siirtyy perintään.",
            "demand": "Vaadimme alla olevan saatavan maksamista viimeistään {deadline}. Ellei sitä makseta, perintää voidaan jatkaa "
                      "oikeusteitse, mistä aiheutuu lisäkuluja. Jos kiistät saatavan, ilmoita siitä meille samaan päivään mennessä.",
        },
        "bodies_for_several": {
            "reminder": "Tietojemme mukaan alla olevat laskut ovat maksamatta. Jos olet jo maksanut, tämä kirje on aiheeton.",
            "notice": "Muistutuksestamme huolimatta alla olevat laskut ovat maksamatta. Maksa viimeistään {deadline}, muuten saatavat siirtyvät perintään.",
            "demand": "Vaadimme alla olevien saatavien maksamista viimeistään {deadline}. Ellei niitä makseta, perintää voidaan jatkaa "
                      "oikeusteitse, mistä aiheutuu lisäkuluja. Jos kiistät jonkin saatavan, ilmoita siitä meille samaan päivään mennessä.",
        },
        "each": "Maksa jokainen lasku erikseen, sen omalla viitteellä.",
        "greeting": "Hei {customer_name}!",
        "invoice": "Lasku", "invoice_date": "Laskun päivä", "due_date": "Eräpäivä", "claim": "Peruste", "creditor": "Velkoja",
        "principal": "Pääoma", "interest": "Viivästyskorko", "fees": "Kulut", "rounding": "Pyöristys", "part": "Laskusta maksettava", "total": "Maksettava",
        "deadline": "Maksettava viimeistään", "reference": "Viite", "letter_date": "Päivä", "contact": "Yhteys",
        "interest_line": "{from_day} – {to_day}: {rate} % pääomalle {capital}",
    },
    "en": {
        "titles": {"invoice": "Invoice", "reminder": "Payment reminder", "notice": "Notice of late payment", "demand": "Debt collection demand"},
        "bodies": {
            "invoice": "This is your invoice. Please pay by {deadline}.",
            "reminder": "According to our records the invoice below has not been paid. If you have paid it already, please ignore this letter.",
            "notice": "Despite our reminder the invoice below has not been paid. Please pay by {deadline}, or it will be handed over for collection.",
            "demand": "We demand payment of the claim below by {deadline}. If it is not paid, legal steps may follow, which will add to the "
                      "costs. If you dispute the claim, tell us by the same day.",
        },
        "bodies_for_several": {
            "reminder": "According to our records the invoices below have not been paid. If you have paid them already, please ignore this letter.",
            "notice": "Despite our reminder the invoices below have not been paid. Please pay by {deadline}, or they will be handed over for collection.",
            "demand": "We demand payment of the claims below by {deadline}. If they are not paid, legal steps may follow, which will add to the "
                      "costs. If you dispute any of them, tell us by the same day.",
        },
        "each": "Please pay each invoice by itself, with its reference.",
        "greeting": "Dear {customer_name},",
        "invoice": "Invoice", "invoice_date": "Invoice date", "due_date": "Due date", "claim": "For", "creditor": "Creditor",
        "principal": "Principal", "interest": "Late interest", "fees": "Fees", "rounding": "Rounding", "part": "To pay for it", "total": "To pay",
        "deadline": "Pay by", "reference": "Reference", "letter_date": "Date", "contact": "Contact",
        "interest_line": "{from_day} – {to_day}: {rate} % on {capital}",
    },
}


def texts(language):
    """Gives the texts of a language code such as "sv" or "sv-FI"; English for one that is not known."""
    return LANGUAGES.get((language or "")[:2].lower(), LANGUAGES["en"])


def money(amount, currency, language):
    """Writes an amount as the language does, its spaces unbreakable."""
    written = f"{amount:,.2f}"
    if texts(language) is not LANGUAGES["en"]:
        written = written.replace(",", "\u00a0").replace(".", ",")
    return f"{written}\u00a0{currency}"
