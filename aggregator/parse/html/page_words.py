"""Words of many languages that say what a line of a page is: parts of expressions, one language or two a line."""

from __future__ import annotations


def alternatives_of(table: str) -> str:
    """The source of one regular expression from a table, whose lines are alternatives."""
    return "|".join(line.strip() for line in table.splitlines() if line.strip())


FURTHER = r"""
read (?:more|also|next|on)|(?:must|also) read|see also|further reading|don[’']t miss
related(?: (?:articles?|stor(?:y|ies)|news|content|topics?|links?|coverage|posts?|reading))?
more on (?:this|the) (?:story|topic|subject)|more (?:stories|news)|more from this (?:section|author)
recommended(?: for you| reading)?|you (?:may|might) also like
lesen sie (?:auch|mehr|hier)|mehr zum thema|zum thema|mehr dazu|auch interessant
weitere (?:artikel|meldungen|themen|informationen|beiträge|links)
das (?:thema )?könnte (?:sie|dich|euch)(?: auch)? interessieren
empfohlene (?:beiträge|artikel)|lust auf mehr|mehr lesen
lire aussi|à lire(?: aussi)?|(?:les )?articles les plus lus
sur le même (?:sujet|thème)|voir aussi|articles? liés?|pour aller plus loin
le[ae] también|lee? más|(?:también )?[lt]e (?:puede|podría) interesar|ve[ar] también|mira también
(?:noticias?|temas?|contenidos?|artículos?|notas?) relacionad[ao]s?|(?:video )?recomendado
leia (?:também|mais)|veja também|saiba mais
leggi anche|potrebbe interessarti|articoli correlati
lees (?:ook|meer)|läs (?:också|mer)|les (?:også|mer)|læs også|lue myös
czytaj (?:także|też|więcej)|zobacz (?:także|też)|přečtěte si (?:také|též)|čtěte také
olvassa el|citește și|прочетете още|διαβάστε (?:επίσης|ακόμη)
читайте (?:также|ещё|еще|також|по теме)|читать также|по теме|материалы по теме|смотрите также
похожие (?:новости|статьи)
ilgili haberler?|ayrıca okuyun|baca juga|xem thêm
(?:مطالب|اخبار|خبرهای|مقالات) مرتبط|بیشتر بخوانید|همچنین بخوانید|بخوانید
اقر[أا] (?:أيض[اًا]+|المزيد)|مواضيع ذات صلة|أخبار ذات صلة|مزید پڑھیں
קרא עוד|यह भी पढ़ें
関連(?:記事|ニュース|リンク|情報)?|あわせて読みたい
相关(?:阅读|新闻|文章|报道)|延伸阅读|延伸閱讀|相關新聞|관련\s?(?:기사|뉴스)
"""
"""What stands above links to other articles."""

ONWARD = r"""
continue reading|more|weiterlesen|mehr|lire la suite|leer más|подробнее|더보기|続きを読む|ادامه مطلب
"""
"""What a link says that leads on to the same article; besides all of FURTHER."""

CREDIT = r"""
sources?|quellen?|fonte|fuente|bron|källa|kilde|lähde|źródło|zdroj|kaynak|via|credit
источник|джерело|منبع|المصدر|出典|来源|來源|출처
"""
"""What stands before the name of where an article comes from."""

BY = r"""
(?:(?:written|posted|reported|story|words|text|published) )?by|text
(?:ein |text )?von|par|por|di|da|door|av|af
автор(?:ы)?|от|yazan|penulis|oleh|نویسنده|نوشته|گزارشگر|خبرنگار|بقلم|كتب|كتبه
文|記者|取材・文|作者|기자
"""
"""What stands before the name of an author."""

AGENCY = r"""
press|news|agency|agence|agentur|redaktion|redacción|redazione|rédaction|redactie|staff|team|desk|newsroom
editorial|editors?|agencies|gmbh|ltd|inc|corp|ministry|ministère|ministerium|office|department|stadt|gemeinde
редакция|агентство|пресс
"""
"""What a name holds that is no person's; whole words."""

NOBODY = frozenset({
    "admin", "administrator", "afp", "anonymous", "ansa", "ap", "apa", "author", "bbc", "bloomberg", "dpa",
    "editor", "editors", "editorial", "editör", "efe", "fars", "guest", "interfax", "irna", "isna", "kyodo",
    "newsdesk", "newsroom", "online", "press", "redacción", "redaction", "redactie", "redakcja", "redaktion",
    "redazione", "reuters", "ria", "root", "rt", "rédaction", "staff", "tasnim", "tass", "team", "unknown", "upi",
    "user", "webmaster", "xinhua", "редакция",
})  # fmt: skip
"""Names that stand where an author's should."""

MISSING = r"""
\b404\b|\b410\b|not found|page not available|no longer available|does not exist
nicht gefunden|existiert nicht|introuvable|no encontrad|não encontrad|non trovata|niet gevonden
не найден|не существует|پیدا نشد|یافت نشد|غير موجود|見つかりません|未找到|找不到
"""
"""Titles of pages that are not there."""

CONSENT = r"""
before you continue|your privacy|cookie|consent|we value your|einwilligung|datenschutz|vos choix|vie privée
"""
"""Titles of pages that ask for consent first."""
