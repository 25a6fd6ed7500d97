/*
 * test_reference.c
 *		References and check digits (F1): published numbers, right and wrong, and
 *		random ones against the plain definition of each check.
 */
#include "reference.h"

#include <stdlib.h>

#include "oracle_reference.h"
#include "tap.h"

typedef struct Vector
{
	ReferenceFormat format;
	const char *value;
	bool		valid;
} Vector;

static const Vector vectors[] = {
	/* as published */
	{REFERENCE_SE_OCR, "1230", true},
	{REFERENCE_SE_OCR, "12351", true},
	{REFERENCE_SE_OCR, "123455", true},
	{REFERENCE_SE_OCR, "123451", false},
	{REFERENCE_SE_OCR, "123067", true},
	{REFERENCE_SE_OCR, "20260014", true},
	{REFERENCE_SE_OCR, "202600193", true},
	{REFERENCE_SE_OCR_LENGTH, "12351", true},
	{REFERENCE_SE_OCR_LENGTH, "123067", true},
	{REFERENCE_SE_OCR_LENGTH, "202600193", true},
	{REFERENCE_SE_OCR_LENGTH, "1230", false},
	{REFERENCE_SE_OCR_LENGTH, "20260014", false},
	{REFERENCE_SE_BANKGIRO, "5402-9681", true},
	{REFERENCE_SE_BANKGIRO, "54029681", true},
	{REFERENCE_SE_BANKGIRO, "902-0033", true},
	{REFERENCE_SE_BANKGIRO, "5050-1055", true},
	{REFERENCE_SE_BANKGIRO, "5805-6201", true},
	{REFERENCE_SE_BANKGIRO, "5402-9682", false},
	{REFERENCE_SE_PLUSGIRO, "28 65 43-4", true},
	{REFERENCE_SE_PLUSGIRO, "2865434", true},
	{REFERENCE_SE_PLUSGIRO, "28 65 43-5", false},
	{REFERENCE_SE_IDENTITY, "880320-0016", true},
	{REFERENCE_SE_IDENTITY, "811228-9841", true},
	{REFERENCE_SE_IDENTITY, "890102-3286", true},
	{REFERENCE_SE_IDENTITY, "640823-3234", true},
	{REFERENCE_SE_IDENTITY, "880320-0018", false},
	{REFERENCE_SE_IDENTITY, "556036-0793", true},
	{REFERENCE_SE_IDENTITY, "202100-5489", true},
	{REFERENCE_SE_IDENTITY, "1234567891", false},
	{REFERENCE_FI_VIITE, "1234561", true},
	{REFERENCE_FI_VIITE, "1234567123456784", true},
	{REFERENCE_FI_VIITE, "1009", true},
	{REFERENCE_FI_VIITE, "123453", true},
	{REFERENCE_FI_VIITE, "1234560", false},
	{REFERENCE_RF, "RF18539007547034", true},
	{REFERENCE_RF, "RF185390075470Y", true},
	{REFERENCE_RF, "RF471234567890", true},
	{REFERENCE_RF, "RF341234561", true},
	{REFERENCE_RF, "RF17539007547034", false},
	{REFERENCE_NO_KID10, "12344", true},
	{REFERENCE_NO_KID10, "2345676", true},
	{REFERENCE_NO_KID10, "23456767", true},
	{REFERENCE_NO_KID10, "0044555258", true},
	{REFERENCE_NO_KID10, "2345674", false},
	{REFERENCE_NO_KID10, "0044555251", false},
	{REFERENCE_NO_KID11, "12343", true},
	{REFERENCE_NO_KID11, "12345678903", true},
	{REFERENCE_NO_KID11, "0365327", true},
	{REFERENCE_NO_KID11, "12344", false},
	{REFERENCE_NO_KID11, "2345674", false},
	{REFERENCE_NO_KID11, "0044555251", false},
	{REFERENCE_DK_FIK71, "004040400000669", true},
	{REFERENCE_DK_FIK71, "000000000001230", true},
	{REFERENCE_DK_FIK71, "004040400000660", false},
	{REFERENCE_IBAN, "SE4550000000058398257466", true},
	{REFERENCE_IBAN, "FI2112345600000785", true},
	{REFERENCE_IBAN, "NO9386011117947", true},
	{REFERENCE_IBAN, "DK5000400440116243", true},
	{REFERENCE_IBAN, "DE89370400440532013000", true},
	{REFERENCE_IBAN, "GB29NWBK60161331926819", true},
	{REFERENCE_IBAN, "FR1420041010050500013M02606", true},
	{REFERENCE_IBAN, "BE68539007547034", true},
	{REFERENCE_IBAN, "NL91ABNA0417164300", true},
	{REFERENCE_IBAN, "CH9300762011623852957", true},
	{REFERENCE_IBAN, "MT84MALT011000012345MTLCAST001S", true},
	{REFERENCE_IBAN, "LC55HEMM000100010012001200023015", true},
	{REFERENCE_IBAN, "SE4550000000058398257467", false},

	/* separators: where they may stand, and where not */
	{REFERENCE_SE_OCR, "2026 0014", true},
	{REFERENCE_SE_OCR, "2026  0014", false},
	{REFERENCE_SE_OCR, " 20260014", false},
	{REFERENCE_SE_OCR, "20260014 ", false},
	{REFERENCE_SE_OCR, "2026001-4", false},
	{REFERENCE_SE_OCR, "2026\t0014", false},
	{REFERENCE_SE_OCR, "20260014\n", false},
	{REFERENCE_SE_BANKGIRO, "5402 9681", true},
	{REFERENCE_SE_BANKGIRO, "540-29681", false},
	{REFERENCE_SE_BANKGIRO, "5402--9681", false},
	{REFERENCE_SE_BANKGIRO, "5402 -9681", false},
	{REFERENCE_SE_BANKGIRO, "5-402-9681", false},
	{REFERENCE_SE_BANKGIRO, "-54029681", false},
	{REFERENCE_SE_BANKGIRO, "54029681-", false},
	{REFERENCE_SE_BANKGIRO, "5402+9681", false},
	{REFERENCE_SE_PLUSGIRO, "286543-4", true},
	{REFERENCE_SE_PLUSGIRO, "28654-34", false},
	{REFERENCE_SE_IDENTITY, "8803200016", true},
	{REFERENCE_SE_IDENTITY, "19880320-0016", true},
	{REFERENCE_SE_IDENTITY, "19 880320-0016", true},
	{REFERENCE_SE_IDENTITY, "880320+0016", true},
	{REFERENCE_SE_IDENTITY, "88032-00016", false},
	{REFERENCE_SE_IDENTITY, "556036+0793", false},
	{REFERENCE_FI_VIITE, "12345 67123 45678 4", true},
	{REFERENCE_FI_VIITE, "1 23456 71234 56784", true},
	{REFERENCE_RF, "RF18 5390 0754 7034", true},
	{REFERENCE_RF, "rf18539007547034", true},
	{REFERENCE_IBAN, "SE45 5000 0000 0583 9825 7466", true},
	{REFERENCE_IBAN, "gb29nwbk60161331926819", true},
	{REFERENCE_IBAN, "SE45-50000000058398257466", false},
	{REFERENCE_NO_KID11, "-", false},
	{REFERENCE_NO_KID11, "8-", false},
	{REFERENCE_NO_KID11, "6-", true},
	{REFERENCE_NO_KID11, "6 -", true},
	{REFERENCE_NO_KID11, "-6-", false},
	{REFERENCE_NO_KID10, "6-", false},

	/* lengths */
	{REFERENCE_SE_OCR, "", false},
	{REFERENCE_SE_OCR, "0", false},
	{REFERENCE_SE_OCR, "18", true},
	{REFERENCE_SE_OCR, "0000000000000000000000018", true},
	{REFERENCE_SE_OCR, "00000000000000000000000018", false},
	{REFERENCE_SE_BANKGIRO, "123455", false},
	{REFERENCE_SE_BANKGIRO, "000000018", false},
	{REFERENCE_SE_PLUSGIRO, "00000018", true},
	{REFERENCE_SE_PLUSGIRO, "000000018", false},
	{REFERENCE_FI_VIITE, "13", false},
	{REFERENCE_FI_VIITE, "013", false},
	{REFERENCE_FI_VIITE, "0013", true},
	{REFERENCE_FI_VIITE, "00000000000000000013", true},
	{REFERENCE_FI_VIITE, "000000000000000000013", false},
	{REFERENCE_DK_FIK71, "18", false},
	{REFERENCE_DK_FIK71, "00000000000018", false},
	{REFERENCE_DK_FIK71, "00000000000000", false},
	{REFERENCE_DK_FIK71, "000000000000018", true},
	{REFERENCE_DK_FIK71, "0000000000000018", false},
	{REFERENCE_IBAN, "SE", false},
	{REFERENCE_IBAN, "SE45", false},
	{REFERENCE_RF, "RF", false},
	{REFERENCE_RF, "RF18", false},

	/* dates in identity numbers */
	{REFERENCE_SE_IDENTITY, "880230-0015", false},
	{REFERENCE_SE_IDENTITY, "880300-0010", false},
	{REFERENCE_SE_IDENTITY, "881320-0014", false},
	{REFERENCE_SE_IDENTITY, "880229-0018", true},
	{REFERENCE_SE_IDENTITY, "890229-0017", false},
	{REFERENCE_SE_IDENTITY, "000229-0005", true},
	{REFERENCE_SE_IDENTITY, "20000229-0005", true},
	{REFERENCE_SE_IDENTITY, "19000229-0005", false},
	{REFERENCE_SE_IDENTITY, "17880320-0016", false},
	{REFERENCE_SE_IDENTITY, "22880320-0016", false},
	{REFERENCE_SE_IDENTITY, "0000000000", false},
	{REFERENCE_SE_IDENTITY, "701063-2391", true},	/* coordination number */
	{REFERENCE_SE_IDENTITY, "701061-2393", true},
	{REFERENCE_SE_IDENTITY, "701091-2397", true},
	{REFERENCE_SE_IDENTITY, "701060-2394", false},
	{REFERENCE_SE_IDENTITY, "701092-2396", false},
	{REFERENCE_SE_IDENTITY, "16556036-0793", true},
	{REFERENCE_SE_IDENTITY, "19556036-0793", false},
	{REFERENCE_SE_IDENTITY, "16880320-0016", false},
	{REFERENCE_SE_IDENTITY, "9880320-0016", false},

	/* check digits that agree modulo 97 but are never given out */
	{REFERENCE_RF, "RF9772", true},
	{REFERENCE_RF, "RF0072", false},
	{REFERENCE_RF, "RF9854", true},
	{REFERENCE_RF, "RF0154", false},
	{REFERENCE_RF, "RF0236", true},
	{REFERENCE_RF, "RF9936", false},

	/* letters, countries */
	{REFERENCE_SE_OCR, "12A0", false},
	{REFERENCE_RF, "RF18539007547034?", false},
	{REFERENCE_RF, "FR18539007547034", false},
	{REFERENCE_IBAN, "XX4550000000058398257466", false},
	{REFERENCE_IBAN, "GB58123460161331926819", false},
	{REFERENCE_IBAN, "SE485000000005839825746", false},
	{REFERENCE_IBAN, "SE53500000000583982574661", false},
	{REFERENCE_IBAN, "SE725000000005839825746A", false},
	{REFERENCE_IBAN, "4550000000058398257466", false},
	{REFERENCE_SE_OCR, "123\xc3\xa5", false},
	{REFERENCE_SE_OCR, "\xff\xfe", false},
};

/* Makes a reference of a C string; "" if that cannot be done. */
static const char *
Make(ReferenceFormat format, const char *base)
{
	static char reference[REFERENCE_SIZE];

	if (!MakeReference(format, base, strlen(base), reference))
		return "";
	return reference;
}

/* Checks every number of the list above. */
static void
TestVectors(void)
{
	size_t		i;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
	{
		const Vector *v = &vectors[i];
		char		what[128];

		snprintf(what, sizeof(what), "F1: %s \"%.60s\" is %s",
				 ReferenceFormatName(v->format), v->value,
				 v->valid ? "right" : "wrong");
		if (strpbrk(what, "\n\t\xff") != NULL)
			snprintf(what, sizeof(what), "odd bytes in a reference");
		Check(CheckReference(v->format, v->value, strlen(v->value)) == v->valid,
			  what);
	}
}

/* Makes the published numbers from their bases. */
static void
TestMaking(void)
{
	CheckText(Make(REFERENCE_SE_OCR, "123"), "1230", "se_ocr");
	CheckText(Make(REFERENCE_SE_OCR_LENGTH, "123"), "12351", "se_ocr_length");
	CheckText(Make(REFERENCE_SE_OCR_LENGTH, "1230"), "123067",
			  "se_ocr_length, the base filled up with 0");
	CheckText(Make(REFERENCE_SE_OCR_LENGTH, "2026001"), "202600193",
			  "se_ocr_length of nine");
	CheckText(Make(REFERENCE_SE_OCR_LENGTH, "12345678"), "1234567806",
			  "se_ocr_length of ten");
	CheckText(Make(REFERENCE_SE_BANKGIRO, "5402968"), "54029681", "se_bankgiro");
	CheckText(Make(REFERENCE_SE_PLUSGIRO, "286543"), "2865434", "se_plusgiro");
	CheckText(Make(REFERENCE_SE_IDENTITY, "880320001"), "8803200016", "a person");
	CheckText(Make(REFERENCE_SE_IDENTITY, "19880320001"), "198803200016",
			  "a person with the century");
	CheckText(Make(REFERENCE_SE_IDENTITY, "556036079"), "5560360793",
			  "an organisation");
	CheckText(Make(REFERENCE_FI_VIITE, "123456712345678"), "1234567123456784",
			  "fi_viite");
	CheckText(Make(REFERENCE_FI_VIITE, "100"), "1009", "the shortest fi_viite");
	CheckText(Make(REFERENCE_RF, "539007547034"), "RF18539007547034", "rf");
	CheckText(Make(REFERENCE_RF, "1234561"), "RF341234561", "rf of a viite");
	CheckText(Make(REFERENCE_RF, "5390075470y"), "RF185390075470Y",
			  "rf with a letter, given small");
	CheckText(Make(REFERENCE_NO_KID10, "1234"), "12344", "no_kid10");
	CheckText(Make(REFERENCE_NO_KID11, "1234"), "12343", "no_kid11");
	CheckText(Make(REFERENCE_NO_KID11, "6"), "6-", "no_kid11 that ends with -");
	CheckText(Make(REFERENCE_DK_FIK71, "1"), "000000000000018", "dk_fik71 of 1");
	CheckText(Make(REFERENCE_DK_FIK71, "2"), "000000000000026", "dk_fik71 of 2");
	CheckText(Make(REFERENCE_IBAN, "SE50000000058398257466"),
			  "SE4550000000058398257466", "iban");
	CheckText(Make(REFERENCE_IBAN, "no86011117947"), "NO9386011117947",
			  "iban, the country given small");
}

/* Bases that cannot be used are refused. */
static void
TestRefusals(void)
{
	static const Vector bases[] = {
		{REFERENCE_SE_OCR, "", false},
		{REFERENCE_SE_OCR, "12 3", false},
		{REFERENCE_SE_OCR, "12a", false},
		{REFERENCE_SE_OCR, "1234567890123456789012345", false},
		{REFERENCE_SE_OCR_LENGTH, "123456789012345678901234", false},
		{REFERENCE_SE_BANKGIRO, "12345", false},
		{REFERENCE_SE_BANKGIRO, "12345678", false},
		{REFERENCE_SE_PLUSGIRO, "12345678", false},
		{REFERENCE_SE_IDENTITY, "12345678", false},
		{REFERENCE_SE_IDENTITY, "8803200016", false},
		{REFERENCE_SE_IDENTITY, "881320001", false},
		{REFERENCE_FI_VIITE, "12", false},
		{REFERENCE_FI_VIITE, "12345678901234567890", false},
		{REFERENCE_RF, "", false},
		{REFERENCE_RF, "1234567890123456789012", false},
		{REFERENCE_RF, "12-34", false},
		{REFERENCE_NO_KID11, "6-", false},
		{REFERENCE_DK_FIK71, "123456789012345", false},
		{REFERENCE_IBAN, "SE5000000005839825746", false},
		{REFERENCE_IBAN, "SE5000000005839825746A", false},
		{REFERENCE_IBAN, "XX50000000058398257466", false},
		{REFERENCE_IBAN, "S", false},
	};
	size_t		i;

	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
	{
		char		what[128];

		snprintf(what, sizeof(what), "no %s is made of \"%s\": it takes %s",
				 ReferenceFormatName(bases[i].format), bases[i].value,
				 ReferenceBase(bases[i].format));
		CheckText(Make(bases[i].format, bases[i].value), "", what);
	}
}

/* Writes a random base that a format can use. */
static void
RandomBase(ReferenceFormat format, char *base)
{
	static const int shortest[] = {1, 1, 6, 1, 9, 3, 1, 1, 1, 1, 20};
	static const int longest[] = {24, 23, 7, 7, 9, 19, 21, 24, 24, 14, 20};
	int			len = (int) RandomBetween(shortest[format], longest[format]);
	int			i;

	for (i = 0; i < len; i++)
	{
		if (format == REFERENCE_RF && RandomBetween(0, 3) == 0)
			base[i] = (char) RandomBetween('A', 'Z');
		else
			base[i] = (char) RandomBetween('0', '9');
	}
	base[len] = '\0';
	if (format == REFERENCE_SE_IDENTITY)
		base[2] = (char) RandomBetween('2', '9');
	if (format == REFERENCE_IBAN)
	{
		memmove(base + 2, base, 21);
		memcpy(base, "SE", 2);
	}
}

/* Random references hold, are found right, and no wrong digit goes unseen. */
static void
TestRandom(void)
{
	int			format;

	for (format = 0; format < REFERENCE_COUNT; format++)
	{
		char		what[64];
		int			bad = 0;
		int			i;

		for (i = 0; i < 3000; i++)
		{
			char		base[REFERENCE_SIZE];
			char		value[REFERENCE_SIZE];
			size_t		len;
			size_t		at;
			char		digit;

			RandomBase((ReferenceFormat) format, base);
			if (!MakeReference((ReferenceFormat) format, base, strlen(base), value))
			{
				bad++;
				continue;
			}
			len = strlen(value);
			bad += !Holds((ReferenceFormat) format, value) ||
				strspn(value, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != len ||
				!CheckReference((ReferenceFormat) format, value, len);

			at = (size_t) RandomBetween(0, (int64_t) len - 1);
			digit = (char) RandomBetween('0', '9');
			if (value[at] >= '0' && value[at] <= '9' && value[at] != digit)
			{
				value[at] = digit;
				bad += CheckReference((ReferenceFormat) format, value, len);
			}
		}
		snprintf(what, sizeof(what), "F1: 3,000 random %s",
				 ReferenceFormatName((ReferenceFormat) format));
		CheckInt(bad, 0, what);
	}
}

/* Any bytes and any length are answered, never with an overrun. */
static void
TestAnything(void)
{
	static const char likely[] = "0123456789 -+ASERFseé";
	size_t		size = 1 << 20;
	char	   *big = malloc(size);
	char		reference[REFERENCE_SIZE];
	int			accepted = 0;
	int			format;
	int			i;

	for (format = 0; format < REFERENCE_COUNT; format++)
	{
		static const char fillings[] = {'0', ' ', '-', 'A', '\0', '\xff'};
		size_t		f;

		for (f = 0; f < sizeof(fillings); f++)
		{
			memset(big, fillings[f], size);
			accepted += CheckReference((ReferenceFormat) format, big, size);
			accepted += MakeReference((ReferenceFormat) format, big, size,
									  reference);
		}
		for (i = 0; i < 20000; i++)
		{
			size_t		len = (size_t) RandomBetween(0, 50);
			size_t		at;
			char	   *text = malloc(len + 1);

			/* At the very end of its own piece of memory, for ASan to see. */
			for (at = 0; at < len; at++)
				text[at] = likely[Random() % (sizeof(likely) - 1)];
			CheckReference((ReferenceFormat) format, text, len);
			if (MakeReference((ReferenceFormat) format, text, len, reference))
				accepted += !CheckReference((ReferenceFormat) format, reference,
											strlen(reference));
			free(text);
		}
	}
	free(big);
	accepted += CheckReference(REFERENCE_SE_BANKGIRO, "5402\0009681", 9);
	CheckInt(accepted, 0, "a megabyte of anything is no reference, no base");
}

/* Names are found as they are written, and nothing else is. */
static void
TestNames(void)
{
	ReferenceFormat format;
	int			good = 0;
	int			i;

	for (i = 0; i < REFERENCE_COUNT; i++)
	{
		const char *name = ReferenceFormatName((ReferenceFormat) i);

		good += ReferenceFormatByName(name, strlen(name), &format) &&
			(int) format == i;
	}
	CheckInt(good, REFERENCE_COUNT, "every format is found by its name");
	Check(!ReferenceFormatByName("", 0, &format) &&
		  !ReferenceFormatByName("se_oc", 5, &format) &&
		  !ReferenceFormatByName("SE_OCR", 6, &format) &&
		  !ReferenceFormatByName("se_ocr", 7, &format),
		  "no other name is a format");
}

typedef struct InvoiceVector
{
	const char *jurisdiction;
	const char *invoice_no;
	const char *reference;
} InvoiceVector;

/* What invoices get: the jurisdiction's reference where the number fits it. */
static const InvoiceVector invoices[] = {
	{"SE", "123", "1230"},
	{"SE", "20260001", "202600011"},
	{"SE", "0000000000000000000000001", "0000000000000000000000001"},
	{"SE", "1", "18"},
	{"SE", "0", "00"},
	{"SE", "01", "018"},		/* an OCR is as long as agreed: its zeros count */
	{"SE", "F101", "F101"},
	{"SE", "2026-001", "2026-001"},
	{"SE", "123 ", "123 "},
	{"SE", "12 30", "+12 30"},
	{"SE", "123456789012345678901234", "1234567890123456789012340"},
	{"SE", "1234567890123456789012341", "1234567890123456789012341"},
	{"SE", "1234567890123456789012340", "+1234567890123456789012340"},
	{"SE", "+1234567890123456789012340", "++1234567890123456789012340"},
	{"SE", "+1230", "+1230"},	/* 1230 gets 12302, so nothing is taken */
	{"FI", "123456", "1234561"},
	{"FI", "100", "1009"},
	{"FI", "12", "12"},
	{"FI", "0123", "0123"},		/* a viite is filled up with zeros, */
	{"FI", "0001009", "+0001009"},	/* so this reads as that of 100 */
	{"FI", "1234567890123456789", "12345678901234567894"},
	{"FI", "12345678901234567894", "+12345678901234567894"},
	{"FI", "12345678901234567890", "12345678901234567890"},
	{"FI", "5390075470Y", "RF185390075470Y"},
	{"FI", "5390075470y", "5390075470y"},	/* another number */
	{"FI", "rf185390075470y", "+rf185390075470y"},
	{"FI", "05390075470Y", "05390075470Y"},
	{"NO", "1234", "12344"},
	{"NO", "004455525", "0044555258"},
	{"NO", "A1", "A1"},
	{"DK", "123", "000000000001230"},
	{"DK", "0123", "0123"},		/* not the FIK of 123 */
	{"DK", "0", "0"},
	{"DK", "000000000001230", "+000000000001230"},
	{"DK", "000000000001231", "000000000001231"},
	{"DK", "12345678901234", "123456789012347"},
	{"DK", "123456789012347", "+123456789012347"},
	{"DE", "539007547034", "RF18539007547034"},
	{"DE", "1", "RF741"},
	{"DE", "01", "01"},
	{"DE", "A1", "RF90A1"},
	{"DE", "RE-1", "RE-1"},
	{"DE", "123456789012345678901", "RF40123456789012345678901"},
	{"DE", "RF40123456789012345678901", "+RF40123456789012345678901"},
	{"DE", "RF41123456789012345678901", "RF41123456789012345678901"},
	{"DE", "1234567890123456789012", "1234567890123456789012"},
	{"EU", "539007547034", "RF18539007547034"},
	{"US", "123", "123"},
	{"", "123", "123"},
	{"SEK", "123", "123"},
	{"SE", "", ""},
	{"SE", "\xc3\xa5", "\xc3\xa5"},
};

/* Makes the reference of an invoice, of C strings. */
static const char *
Invoice(const char *jurisdiction, const char *invoice_no)
{
	static char reference[INVOICE_REFERENCE_SIZE];
	int			len = InvoiceReference(jurisdiction, strlen(jurisdiction),
									   invoice_no, strlen(invoice_no), reference);

	return len == (int) strlen(reference) ? reference : "(wrong length)";
}

/* Finds the invoice of a reference, of C strings. */
static const char *
Referenced(const char *jurisdiction, const char *reference)
{
	static char invoice_no[INVOICE_REFERENCE_SIZE];
	int			len = ReferencedInvoice(jurisdiction, strlen(jurisdiction),
										reference, strlen(reference), invoice_no);

	return len == (int) strlen(invoice_no) ? invoice_no : "(wrong length)";
}

/* Makes every reference of the list above, and finds its invoice again. */
static void
TestInvoices(void)
{
	size_t		i;

	for (i = 0; i < sizeof(invoices) / sizeof(invoices[0]); i++)
	{
		const InvoiceVector *v = &invoices[i];
		char		what[128];

		snprintf(what, sizeof(what), "F1: the reference of %s invoice \"%.60s\"",
				 v->jurisdiction, v->invoice_no);
		CheckText(Invoice(v->jurisdiction, v->invoice_no), v->reference, what);
		snprintf(what, sizeof(what), "F1: and back from %s \"%.60s\"",
				 v->jurisdiction, v->reference);
		CheckText(Referenced(v->jurisdiction, v->reference), v->invoice_no, what);
	}
	CheckText(Referenced("FI", "12 34561"), "123456", "a viite as people write it");
	CheckText(Referenced("SE", "12 30"), "123", "an OCR as people write it");
	CheckText(Referenced("FI", "0000000000001234561"), "123456",
			  "a viite as banks fill it up");
	CheckText(Referenced("DE", "rf18 5390 0754 7034"), "539007547034",
			  "an RF as people write it");
	CheckText(Referenced("DE", "RF18000000000539007547034"), "539007547034",
			  "an RF as banks fill it up");
	CheckText(Referenced("FI", "RF341234561"), "RF341234561",
			  "an RF of digits alone is none of ours in FI");
	CheckText(Referenced("SE", "1231"), "1231", "a wrong OCR is a number");
	CheckText(Referenced("SE", "12 30 "), "12 30 ", "an OCR with odd spaces, too");
}

/* Compares two references for qsort. */
static int
CompareText(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

#define NUMBERS 40000

/* Writes a number of its own kind for each i: short ones, and odd ones. */
static void
OddNumber(const char *jurisdiction, int i, char *number)
{
	static const char signs[] = "0019AZa+-";
	int			len = (int) RandomBetween(1, 27);
	int			kind = i % 4;
	int			at;

	if (i < 12000)
	{
		/* 0 to 999, 00 to 999, and so on */
		snprintf(number, INVOICE_REFERENCE_SIZE, "%0*d", i / 1000 % 12 + 1, i % 1000);
		return;
	}
	for (at = 0; at < len; at++)
		number[at] = kind == 0 ? signs[Random() % (sizeof(signs) - 1)] : (char) RandomBetween('0', '9');
	number[len] = '\0';
	/* a reference that is a number itself, or one with marks */
	for (; kind > 1 && strlen(number) < 40; kind--)
		memcpy(number, Invoice(jurisdiction, number), INVOICE_REFERENCE_SIZE);
	if (i % 16 == 3)
	{
		memmove(number + 1, number, strlen(number) + 1);
		number[0] = '+';
	}
}

/* No two numbers have one reference, and each leads back to its number. */
static void
TestInvoicesApart(void)
{
	static const char *const jurisdictions[] = {"SE", "FI", "NO", "DK", "DE"};
	static char numbers[NUMBERS][INVOICE_REFERENCE_SIZE];
	static char references[NUMBERS][INVOICE_REFERENCE_SIZE];
	static const char *sorted[NUMBERS];
	size_t		j;

	for (j = 0; j < sizeof(jurisdictions) / sizeof(jurisdictions[0]); j++)
	{
		int			distinct = 0;
		int			shared = 0;
		int			lost = 0;
		int			i;
		char		what[128];

		for (i = 0; i < NUMBERS; i++)
		{
			OddNumber(jurisdictions[j], i, numbers[i]);
			sorted[i] = numbers[i];
		}
		qsort(sorted, NUMBERS, sizeof(sorted[0]), CompareText);
		for (i = 0; i < NUMBERS; i++)
			if (i == 0 || strcmp(sorted[i], sorted[distinct - 1]) != 0)
				sorted[distinct++] = sorted[i];
		for (i = 0; i < distinct; i++)
		{
			memcpy(references[i], Invoice(jurisdictions[j], sorted[i]), INVOICE_REFERENCE_SIZE);
			lost += strcmp(Referenced(jurisdictions[j], references[i]), sorted[i]) != 0;
		}
		for (i = 0; i < distinct; i++)
			sorted[i] = references[i];
		qsort(sorted, distinct, sizeof(sorted[0]), CompareText);
		for (i = 1; i < distinct; i++)
			shared += strcmp(sorted[i - 1], sorted[i]) == 0;
		snprintf(what, sizeof(what), "F1: of %s invoices, no two share a reference", jurisdictions[j]);
		CheckInt(shared, 0, what);
		snprintf(what, sizeof(what), "F1: and each reference leads back");
		CheckInt(lost, 0, what);
		Check(distinct > NUMBERS / 2, "with many numbers tried");
	}
}

/* Any bytes and any length make a reference, never with an overrun. */
static void
TestAnyInvoice(void)
{
	static const char likely[] = "0123456789 -+ASERFseé";
	static const char *const jurisdictions[] = {"SE", "FI", "NO", "DK", "DE", "XX"};
	size_t		size = 1 << 20;
	char	   *big = malloc(size);
	int			bad = 0;
	int			i;

	memset(big, '1', size);
	for (i = 0; i < 60000; i++)
	{
		const char *jurisdiction = jurisdictions[i % 6];
		size_t		len = (size_t) RandomBetween(0, 80);
		char	   *text = malloc(len + 1);
		char	   *made = malloc(INVOICE_REFERENCE_SIZE);
		size_t		at;

		for (at = 0; at < len; at++)
			text[at] = i % 8 == 0 ? '+' : likely[Random() % (sizeof(likely) - 1)];
		bad += InvoiceReference(jurisdiction, 2, text, len, made) != (int) strlen(made);
		bad += ReferencedInvoice(jurisdiction, 2, text, len, made) != (int) strlen(made);
		free(text);
		free(made);
	}
	{
		char		made[INVOICE_REFERENCE_SIZE];

		bad += InvoiceReference("SE", 2, big, size, made) != INVOICE_NUMBER_BYTES;
		bad += ReferencedInvoice("SE", 2, big, size, made) != INVOICE_NUMBER_BYTES + 1;
		bad += InvoiceReference(big, size, "1", 1, made) != 1;
	}
	free(big);
	CheckInt(bad, 0, "F1: any bytes are a number, any are a reference");
}

int
main(void)
{
	TestNames();
	TestVectors();
	TestMaking();
	TestRefusals();
	TestRandom();
	TestAnything();
	TestInvoices();
	TestInvoicesApart();
	TestAnyInvoice();
	return DoneTesting();
}
