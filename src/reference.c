/*
 * reference.c
 *		Payment references, account and identity numbers with check digits (F1).
 *
 * Every format knows how to complete a base, and nothing more: a value is
 * right if its base, cut out of it and completed again, gives the value back.
 * Making and checking can thus never disagree.
 *
 * Nothing here allocates, and nothing depends on a server.
 */
#include "reference.h"

#include <string.h>

/* words that whoever shows them looks up in our catalogue, as PostgreSQL marks them */
#define gettext_noop(x) (x)

/* Puts check digits to a base; false if the base cannot be one. */
typedef bool (*CompleteFunction) (const char *base, int len, char *reference);

typedef struct FormatRule
{
	const char *name;
	const char *base;			/* what a base is, in words */
	int			min_base;
	int			max_base;
	CompleteFunction complete;
	int			cut;			/* characters to cut out for the base ... */
	int			cut_from;		/* ... from here, negative: from the end */
	const char *hyphens;		/* what may stand before the last ... */
	int			tail;			/* ... tail characters */
} FormatRule;

/* How a jurisdiction makes references from invoice numbers. */
typedef struct InvoiceRule
{
	const char *jurisdiction;
	ReferenceFormat format;
	bool		padded;			/* leading zeros say nothing: no number has them */
	bool		needs_letter;	/* all digits are for another format */
} InvoiceRule;

typedef struct CountryRule
{
	const char *country;
	const char *bban;			/* n: digits, a: letters, c: either */
} CountryRule;

/* Account numbers behind the IBANs of each country (SWIFT's IBAN registry). */
static const CountryRule countries[] = {
	{"AD", "n8c12"}, {"AE", "n19"}, {"AL", "n8c16"}, {"AT", "n16"},
	{"AZ", "a4c20"}, {"BA", "n16"}, {"BE", "n12"}, {"BG", "a4n6c8"},
	{"BH", "a4c14"}, {"BI", "n23"}, {"BR", "n23a1c1"}, {"BY", "c4n4c16"},
	{"CH", "n5c12"}, {"CR", "n18"}, {"CY", "n8c16"}, {"CZ", "n20"},
	{"DE", "n18"}, {"DJ", "n23"}, {"DK", "n14"}, {"DO", "c4n20"},
	{"EE", "n16"}, {"EG", "n25"}, {"ES", "n20"}, {"FI", "n14"},
	{"FK", "a2n12"}, {"FO", "n14"}, {"FR", "n10c11n2"}, {"GB", "a4n14"},
	{"GE", "a2n16"}, {"GI", "a4c15"}, {"GL", "n14"}, {"GR", "n7c16"},
	{"GT", "c24"}, {"HN", "a4n20"}, {"HR", "n17"}, {"HU", "n24"},
	{"IE", "a4n14"}, {"IL", "n19"}, {"IQ", "a4n15"}, {"IS", "n22"},
	{"IT", "a1n10c12"}, {"JO", "a4n4c18"}, {"KW", "a4c22"}, {"KZ", "n3c13"},
	{"LB", "n4c20"}, {"LC", "a4c24"}, {"LI", "n5c12"}, {"LT", "n16"},
	{"LU", "n3c13"}, {"LV", "a4c13"}, {"LY", "n21"}, {"MC", "n10c11n2"},
	{"MD", "c20"}, {"ME", "n18"}, {"MK", "n3c10n2"}, {"MN", "n16"},
	{"MR", "n23"}, {"MT", "a4n5c18"}, {"MU", "a4n19a3"}, {"NI", "a4n20"},
	{"NL", "a4n10"}, {"NO", "n11"}, {"OM", "n3c16"}, {"PK", "a4c16"},
	{"PL", "n24"}, {"PS", "a4c21"}, {"PT", "n21"}, {"QA", "a4c21"},
	{"RO", "a4c16"}, {"RS", "n18"}, {"RU", "n14c15"}, {"SA", "n2c18"},
	{"SC", "a4n20a3"}, {"SD", "n14"}, {"SE", "n20"}, {"SI", "n15"},
	{"SK", "n20"}, {"SM", "a1n10c12"}, {"SO", "n19"}, {"ST", "n21"},
	{"SV", "a4n20"}, {"TL", "n19"}, {"TN", "n20"}, {"TR", "n6c16"},
	{"UA", "n6c19"}, {"VA", "n18"}, {"VG", "a4n16"}, {"XK", "n16"},
	{"YE", "a4n4c18"}
};

/*
 * A KID or OCR is told apart from one with more zeros, being as long as the
 * payee has agreed with the bank; a viite, RF or FIK is filled up with them.
 */
static const InvoiceRule invoice_rules[] = {
	{"SE", REFERENCE_SE_OCR, false, false},
	{"FI", REFERENCE_FI_VIITE, true, false},
	{"FI", REFERENCE_RF, true, true},
	{"NO", REFERENCE_NO_KID10, false, false},
	{"DK", REFERENCE_DK_FIK71, true, false},
	{"DE", REFERENCE_RF, true, false},
	{"EU", REFERENCE_RF, true, false},
};

#define INVOICE_RULES	(sizeof(invoice_rules) / sizeof(invoice_rules[0]))

/* Tells a number from the reference of another that it reads as. */
#define NOT_A_REFERENCE	'+'

/* Tells whether a byte is a digit, in any locale. */
static inline bool
IsDigit(char c)
{
	return c >= '0' && c <= '9';
}

/* Tells whether a byte is a capital letter of the English alphabet. */
static inline bool
IsCapital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Gives the capital of a small letter, any other byte as it is. */
static inline char
ToCapital(char c)
{
	return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
}

/* Tells whether all of a text is digits. */
static bool
AllDigits(const char *text, int len)
{
	int			i;

	for (i = 0; i < len; i++)
	{
		if (!IsDigit(text[i]))
			return false;
	}
	return true;
}

/* Gives the number that two digits write. */
static int
TwoDigits(const char *text)
{
	return (text[0] - '0') * 10 + (text[1] - '0');
}

/* Copies a base and one check character after it. */
static bool
Append(const char *base, int len, char check, char *reference)
{
	memcpy(reference, base, (size_t) (len < 0 ? 0 : len));
	reference[len] = check;
	reference[len + 1] = '\0';
	return true;
}

/* Gives the Luhn (modulus 10) check digit of digits. */
static char
LuhnDigit(const char *digits, int len)
{
	int			sum = 0;
	int			weight = 2;
	int			i;

	for (i = len - 1; i >= 0; i--)
	{
		int			product = (digits[i] - '0') * weight;

		sum += product / 10 + product % 10;
		weight = 3 - weight;
	}
	return (char) ('0' + (10 - sum % 10) % 10);
}

/* Sums digits weighted by a series that repeats from the right. */
static int
WeightedSum(const char *digits, int len, const int *weights, int nweights)
{
	int			sum = 0;
	int			i;

	for (i = 0; i < len; i++)
		sum += (digits[len - 1 - i] - '0') * weights[i % nweights];
	return sum;
}

/* Carries a remainder modulo 97 on over digits and letters (A is 10). */
static int
Modulo97(int rest, const char *text, int len)
{
	int			i;

	for (i = 0; i < len; i++)
	{
		if (IsDigit(text[i]))
			rest = (rest * 10 + (text[i] - '0')) % 97;
		else
			rest = (rest * 100 + (text[i] - 'A' + 10)) % 97;
	}
	return rest;
}

/* Stores two letters, their ISO 7064 check digits (02 to 98), and the rest. */
static bool
CompleteIso7064(const char *letters, const char *rest, int len, char *reference)
{
	int			check = Modulo97(0, rest, len);

	check = Modulo97(check, letters, 2);
	check = 98 - Modulo97(check, "00", 2);
	memcpy(reference, letters, 2);
	reference[2] = (char) ('0' + check / 10);
	reference[3] = (char) ('0' + check % 10);
	memcpy(reference + 4, rest, len);
	reference[4 + len] = '\0';
	return true;
}

/* Completes digits by a Luhn digit. */
static bool
CompleteLuhn(const char *base, int len, char *reference)
{
	return AllDigits(base, len) &&
		Append(base, len, LuhnDigit(base, len), reference);
}

/* Completes digits by the last digit of the whole length and a Luhn digit. */
static bool
CompleteLengthLuhn(const char *base, int len, char *reference)
{
	char		longer[REFERENCE_SIZE];

	return AllDigits(base, len) &&
		Append(base, len, (char) ('0' + (len + 2) % 10), longer) &&
		Append(longer, len + 1, LuhnDigit(longer, len + 1), reference);
}

/* Completes digits by the check digit of a Finnish viite. */
static bool
CompleteViite(const char *base, int len, char *reference)
{
	static const int weights[] = {7, 3, 1};
	int			rest;

	if (!AllDigits(base, len))
		return false;
	rest = WeightedSum(base, len, weights, 3) % 10;
	return Append(base, len, (char) ('0' + (10 - rest) % 10), reference);
}

/* Completes digits by a Norwegian modulus 11 digit, '-' standing for 10. */
static bool
CompleteMod11(const char *base, int len, char *reference)
{
	static const int weights[] = {2, 3, 4, 5, 6, 7};
	int			check;

	if (!AllDigits(base, len))
		return false;
	check = (11 - WeightedSum(base, len, weights, 6) % 11) % 11;
	return Append(base, len, check == 10 ? '-' : (char) ('0' + check),
				  reference);
}

/* Completes digits to the 15 of a Danish FIK 71, the last one Luhn's. */
static bool
CompleteFik71(const char *base, int len, char *reference)
{
	char		padded[] = "00000000000000";

	memcpy(padded + 14 - len, base, len);
	return CompleteLuhn(padded, 14, reference);
}

/* Tells whether a date exists. */
static bool
IsDate(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month >= 1 && month <= 12 && day >= 1 &&
		day <= days[month - 1] + (month == 2 && leap);
}

/* Tells whether an identity number, without its century, is a person's. */
static inline bool
IsPerson(const char *number)
{
	/* Organisations have at least 20 where persons have a month. */
	return number[2] < '2';
}

/* Completes 9 digits of an identity number, or 11 that begin with a century. */
static bool
CompleteIdentity(const char *base, int len, char *reference)
{
	const char *nine = base + len - 9;
	int			century;

	if (!AllDigits(base, len) || len == 10)
		return false;

	/* Of the years 00 one had a leap day: without a century, it may be that. */
	century = len == 11 ? TwoDigits(base) : 20;
	if (IsPerson(nine))
	{
		int			day = TwoDigits(nine + 4);

		if (day > 60)
			day -= 60;			/* coordination number */
		if (century < 18 || century > 21 ||
			!IsDate(century * 100 + TwoDigits(nine), TwoDigits(nine + 2), day))
			return false;
	}
	else if (len == 11 && century != 16)
		return false;			/* authorities write organisations with 16 */
	return Append(base, len, LuhnDigit(nine, 9), reference);
}

/* Completes digits and capitals to an ISO 11649 creditor reference. */
static bool
CompleteRf(const char *base, int len, char *reference)
{
	int			i;

	for (i = 0; i < len; i++)
	{
		if (!IsDigit(base[i]) && !IsCapital(base[i]))
			return false;
	}
	return CompleteIso7064("RF", base, len, reference);
}

/* Tells whether a text is built as a pattern such as "a4n14" says. */
static bool
MatchesPattern(const char *text, int len, const char *pattern)
{
	while (*pattern != '\0')
	{
		char		kind = *pattern++;
		int			count = 0;

		while (IsDigit(*pattern))
			count = count * 10 + (*pattern++ - '0');
		if (count > len)
			return false;
		for (len -= count; count > 0; count--, text++)
		{
			bool		fits = (kind != 'a' && IsDigit(*text)) ||
				(kind != 'n' && IsCapital(*text));

			if (!fits)
				return false;
		}
	}
	return len == 0;
}

/* Completes a country and an account number of that country to an IBAN. */
static bool
CompleteIban(const char *base, int len, char *reference)
{
	size_t		i;

	for (i = 0; i < sizeof(countries) / sizeof(countries[0]); i++)
	{
		if (memcmp(countries[i].country, base, 2) == 0)
			return MatchesPattern(base + 2, len - 2, countries[i].bban) &&
				CompleteIso7064(base, base + 2, len - 2, reference);
	}
	return false;
}

/* In the order of ReferenceFormat. */
static const FormatRule formats[REFERENCE_COUNT] = {
	{"se_ocr", gettext_noop("1 to 24 digits"), 1, 24, CompleteLuhn, 1, -1, "", 0},
	{"se_ocr_length", gettext_noop("1 to 23 digits"), 1, 23, CompleteLengthLuhn, 2, -2, "", 0},
	{"se_bankgiro", gettext_noop("6 or 7 digits"), 6, 7, CompleteLuhn, 1, -1, "-", 4},
	{"se_plusgiro", gettext_noop("1 to 7 digits"), 1, 7, CompleteLuhn, 1, -1, "-", 1},
	{"se_identity", gettext_noop("the first 9 digits of an identity number, 11 with the "
								 "century, and a person's begin with a date that exists"),
	9, 11, CompleteIdentity, 1, -1, "-+", 4},
	{"fi_viite", gettext_noop("3 to 19 digits"), 3, 19, CompleteViite, 1, -1, "", 0},
	{"rf", gettext_noop("1 to 21 digits and letters"), 1, 21, CompleteRf, 4, 0, "", 0},
	{"no_kid10", gettext_noop("1 to 24 digits"), 1, 24, CompleteLuhn, 1, -1, "", 0},
	{"no_kid11", gettext_noop("1 to 24 digits"), 1, 24, CompleteMod11, 1, -1, "", 0},
	{"dk_fik71", gettext_noop("1 to 14 digits"), 1, 14, CompleteFik71, 1, -1, "", 0},
	{"iban", gettext_noop("a country's two letters and an account number (BBAN) as that "
						  "country writes it"),
	3, 32, CompleteIban, 2, 2, "", 0},
};

/* Completes a base in capitals, if its length is right for the format. */
static bool
Complete(const FormatRule *rule, const char *base, int len, char *reference)
{
	return len >= rule->min_base && len <= rule->max_base &&
		rule->complete(base, len, reference);
}

/*
 * Copies a value without its separators, in capitals, and gives its length; 0
 * if it is too long or a separator stands where none may.  The hyphen, or what
 * stands for it, is passed on.
 */
static int
Compact(const FormatRule *rule, const char *value, size_t len,
		char *compact, char *hyphen)
{
	int			count = 0;
	int			hyphen_at = 0;
	bool		separated = true;	/* so none at the start */
	size_t		i;

	*hyphen = '\0';
	for (i = 0; i < len; i++)
	{
		char		c = value[i];
		bool		is_hyphen = *hyphen == '\0' && c != '\0' &&
			strchr(rule->hyphens, c) != NULL;

		if (c == ' ' || is_hyphen)
		{
			if (separated || i + 1 == len)
				return 0;
			if (is_hyphen)
			{
				*hyphen = c;
				hyphen_at = count;
			}
			separated = true;
			continue;
		}
		if (count == REFERENCE_SIZE - 1)
			return 0;
		compact[count++] = ToCapital(c);
		separated = false;
	}
	return *hyphen == '\0' || count - hyphen_at == rule->tail ? count : 0;
}

/* Finds a format by its name, written exactly so; false if there is none. */
bool
ReferenceFormatByName(const char *name, size_t len, ReferenceFormat *format)
{
	int			i;

	for (i = 0; i < REFERENCE_COUNT; i++)
	{
		if (strlen(formats[i].name) == len &&
			memcmp(formats[i].name, name, len) == 0)
		{
			*format = (ReferenceFormat) i;
			return true;
		}
	}
	return false;
}

/* Gives the name that ReferenceFormatByName knows a format by. */
const char *
ReferenceFormatName(ReferenceFormat format)
{
	return formats[format].name;
}

/* Says what the base of a format is. */
const char *
ReferenceBase(ReferenceFormat format)
{
	return formats[format].base;
}

/* Completes a base by its check digits; false if it cannot be one. */
bool
MakeReference(ReferenceFormat format, const char *base, size_t len,
			  char reference[REFERENCE_SIZE])
{
	char		capitals[REFERENCE_SIZE];
	size_t		i;

	if (len > sizeof(capitals))
		return false;
	for (i = 0; i < len; i++)
		capitals[i] = ToCapital(base[i]);
	return Complete(&formats[format], capitals, (int) len, reference);
}

/* Tells whether a value is a reference of a format. */
bool
CheckReference(ReferenceFormat format, const char *value, size_t len)
{
	const FormatRule *rule = &formats[format];
	char		compact[REFERENCE_SIZE];
	char		base[REFERENCE_SIZE];
	char		again[REFERENCE_SIZE];
	char		hyphen;
	int			count = Compact(rule, value, len, compact, &hyphen);
	int			from = rule->cut_from < 0 ? count + rule->cut_from : rule->cut_from;

	if (count < rule->min_base + rule->cut)
		return false;
	if (hyphen == '+' && (count < 10 || !IsPerson(compact + count - 10)))
		return false;

	memcpy(base, compact, from);
	memcpy(base + from, compact + from + rule->cut, count - from - rule->cut);
	return Complete(rule, base, count - rule->cut, again) &&
		strlen(again) == (size_t) count && memcmp(again, compact, count) == 0;
}

/* Tells whether a rule is one of a jurisdiction's. */
static bool
IsRuleOf(const InvoiceRule *rule, const char *jurisdiction, size_t len)
{
	return strlen(rule->jurisdiction) == len &&
		memcmp(rule->jurisdiction, jurisdiction, len) == 0;
}

/*
 * Makes a reference from an invoice number by one rule; false if the number
 * does not fit.  Small letters do not: they would come out as capitals.
 */
static bool
CompleteInvoice(const InvoiceRule *rule, const char *invoice_no, size_t len,
				char *reference)
{
	if (len == 0 || len >= REFERENCE_SIZE)
		return false;
	if (rule->padded && invoice_no[0] == '0')
		return false;
	if (rule->needs_letter && AllDigits(invoice_no, (int) len))
		return false;
	return Complete(&formats[rule->format], invoice_no, (int) len, reference);
}

/*
 * Makes a reference from an invoice number as a jurisdiction does; false if
 * the number fits none of its formats.
 */
static bool
MakeInvoiceReference(const char *jurisdiction, size_t jurisdiction_len,
					 const char *invoice_no, size_t len, char *reference)
{
	size_t		i;

	for (i = 0; i < INVOICE_RULES; i++)
	{
		if (IsRuleOf(&invoice_rules[i], jurisdiction, jurisdiction_len) &&
			CompleteInvoice(&invoice_rules[i], invoice_no, len, reference))
			return true;
	}
	return false;
}

/*
 * Finds the invoice number from which a jurisdiction makes what a text reads
 * as: separators, and what fills a reference up, left out.  Stores the number
 * and gives its length, 0 if there is none.
 */
static int
ReadInvoiceReference(const char *jurisdiction, size_t jurisdiction_len,
					 const char *text, size_t len, char *invoice_no)
{
	static const FormatRule any = {.hyphens = ""};
	char		compact[REFERENCE_SIZE] = "";
	char		again[REFERENCE_SIZE];
	char		hyphen;
	int			count = Compact(&any, text, len, compact, &hyphen);
	size_t		i;

	for (i = 0; i < INVOICE_RULES; i++)
	{
		const InvoiceRule *rule = &invoice_rules[i];
		const FormatRule *format = &formats[rule->format];
		bool		check_first = format->cut_from == 0;
		int			first = check_first ? format->cut : 0;
		int			last = check_first ? count : count - format->cut;

		if (!IsRuleOf(rule, jurisdiction, jurisdiction_len) ||
			!CheckReference(rule->format, compact, count))
			continue;
		while (rule->padded && first < last && compact[first] == '0')
			first++;
		if (!CompleteInvoice(rule, compact + first, last - first, again))
			continue;
		memcpy(invoice_no, compact + first, last - first);
		return last - first;
	}
	return 0;
}

/*
 * Tells whether a number that gets no reference made reads as the reference of
 * another, or as that with marks before it: it takes one mark more.
 */
static bool
TakesMark(const char *jurisdiction, size_t jurisdiction_len,
		  const char *invoice_no, size_t len)
{
	char		other[REFERENCE_SIZE];

	while (len > 0 && *invoice_no == NOT_A_REFERENCE)
	{
		invoice_no++;
		len--;
	}
	return !MakeInvoiceReference(jurisdiction, jurisdiction_len, invoice_no, len, other) &&
		ReadInvoiceReference(jurisdiction, jurisdiction_len, invoice_no, len, other) > 0;
}

/* Copies at most a number of bytes and gives how many. */
static int
CopyText(char *to, const char *from, size_t len, size_t most)
{
	if (len > most)
		len = most;
	memcpy(to, from, len);
	to[len] = '\0';
	return (int) len;
}

/* Makes the payment reference of an invoice from its number. */
int
InvoiceReference(const char *jurisdiction, size_t jurisdiction_len,
				 const char *invoice_no, size_t len,
				 char reference[INVOICE_REFERENCE_SIZE])
{
	int			mark;

	if (MakeInvoiceReference(jurisdiction, jurisdiction_len, invoice_no, len, reference))
		return (int) strlen(reference);
	mark = TakesMark(jurisdiction, jurisdiction_len, invoice_no, len);
	reference[0] = NOT_A_REFERENCE;
	return mark + CopyText(reference + mark, invoice_no, len, INVOICE_NUMBER_BYTES);
}

/* Finds the number of the invoice that a reference was made from. */
int
ReferencedInvoice(const char *jurisdiction, size_t jurisdiction_len,
				  const char *reference, size_t len,
				  char invoice_no[INVOICE_REFERENCE_SIZE])
{
	int			count = ReadInvoiceReference(jurisdiction, jurisdiction_len,
											 reference, len, invoice_no);

	if (count > 0)
	{
		invoice_no[count] = '\0';
		return count;
	}
	if (len > 0 && reference[0] == NOT_A_REFERENCE &&
		TakesMark(jurisdiction, jurisdiction_len, reference, len))
	{
		reference++;
		len--;
	}
	return CopyText(invoice_no, reference, len, INVOICE_REFERENCE_SIZE - 1);
}
