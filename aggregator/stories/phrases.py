"""How boilerplate begins, language by language; case folded, in the spelling of `tokens.plain_spelling`."""

from __future__ import annotations

from typing import Final

LINES: Final = (
    # English
    "advertisement|advertising|sponsored|promoted|share|tweet|views|read more|read also|also read"
    "|see also|related"
    "|more on this|more from|more news|most read|most popular|recommended|continue reading|keep reading"
    "|click here"
    "|click to|subscribe|sign up|sign in|log in|follow us|follow @|join our|join us|download our|download the"
    "|get our|get the latest|copyright|(c)|all rights reserved|photo|photos|image|images|picture|pictures"
    "|source"
    "|file photo|tags|tagged|topics|filed under|posted in|posted on|posted by|category|comments|leave a comment"
    "|print this|email this|the post|this post|this article was originally|this article first|this story was"
    "|originally published|first published|last updated|last modified|updated|published|reporting by|editing by"
    "|writing by|additional reporting|our standards|support our|listen to this|newsletter"
    ""
    "|watch|loading|skip to|cookie|terms of|privacy"
    # German
    "|anzeige|werbung|teilen|mehr zum thema|mehr dazu|lesen sie auch|lesen sie mehr|weiterlesen"
    "|jetzt abonnieren"
    "|abonnieren|newsletter|folgen sie|alle rechte|foto|bild|quelle|kommentare|aktualisiert|stand"
    # French
    "|publicité|partager|lire aussi|lire la suite|à lire aussi|à lire|voir aussi|abonnez-vous|s'abonner"
    "|suivez-nous"
    "|tous droits|crédit|photo|mis à jour|publié le|commentaires|inscrivez-vous"
    # Spanish and Portuguese
    "|publicidad|publicidade|compartir|compartilhe|compartilhar|lea también|lee también|leer más|ver más"
    "|leia também"
    "|leia mais|suscríbete|suscríbase|assine|inscreva-se|síguenos|siga-nos|todos los derechos|todos os direitos"
    "|comentarios|comentários|actualizado|atualizado|fuente|fonte|foto"
    # Italian, Dutch, Turkish, Indonesian
    "|pubblicità|condividi|leggi anche|leggi tutto|continua a leggere|iscriviti|seguici|tutti i diritti"
    "|riproduzione"
    "|lees ook|lees meer|deel dit|advertentie|alle rechten|reklam|paylaş|devamını oku|ayrıca oku|abone ol"
    "|tüm hakları"
    "|baca juga|bagikan|iklan|simak juga"
    # Russian, Ukrainian
    "|реклама|поделиться|читайте также|читать далее|читать ещё|читать еще|подробнее|подписывайтесь|подпишитесь"
    "|все права|фото|источник|просмотров|комментарии|теги|обновлено|смотрите также|читайте також|поділитися"
    # Persian, Arabic, Urdu
    "|بیشتر بخوانید|بیشتر بدانید|ادامه مطلب|ادامه خبر|اخبار مرتبط|مطالب مرتبط|خبرهای مرتبط|تبلیغات|اگهی"
    "|اشتراک گذاری"
    "|به اشتراک|بازدید|تعداد بازدید|کد خبر|کپی رایت|تمامی حقوق|کلیه حقوق|انتهای پیام|برچسب|منبع|عکس|نظرات|عضویت"
    "|لینک کوتاه|پایان پیام"
    "|اقرا ایضا|اقرا المزید|اقرا|للمزید|اعلان|اعلانات|شارک|مشارکه|جمیع الحقوق|حقوق النشر|تابعونا|اشترک"
    "|المصدر|صوره"
    "|مشاهدات|تعلیقات|مزید پڑھیں|اشتہار"
    # Chinese, Japanese, Korean, Hindi
    "|广告|廣告|分享|阅读更多|閱讀更多|相关阅读|相关新闻|延伸閱讀|点击|點擊|版权所有|版權所有|订阅|訂閱|关注|责任编辑|责编|编辑"
    "|来源|來源|阅读量|浏览|图片|图为|评论|転載"
    "|広告|シェア|続きを読む|もっと読む|関連記事|関連ニュース|無断転載|購読|登録|フォロー|写真|画像|出典|閲覧数|会員限定"
    "|광고|공유|더 보기|관련기사|관련 기사|저작권자|무단전재|구독|사진|विज्ञापन|साझा करें|यह भी पढ़ें|और पढ़ें"
)
"""A short block that begins with one of these is boilerplate."""

HEADINGS: Final = (
    "read more|read also|see also|related|related articles|related stories|related news|more on this|more news"
    "|most read|most popular|recommended|you may also like|trending|latest news|mehr zum thema|lesen sie auch"
    "|lire aussi|à lire aussi|voir aussi|lea también|lee también|leia também|leggi anche|lees ook|ayrıca oku"
    "|baca juga|читайте также|смотрите также|по теме|بیشتر بخوانید|اخبار مرتبط|مطالب مرتبط|خبرهای مرتبط"
    "|اقرا ایضا|مواضیع ذات صله|相关阅读|相关新闻|延伸閱讀|関連記事|関連ニュース|관련기사|관련 기사"
)
"""A block that is one of these announces a list that runs to the end of the text."""

COUNTED: Final = (
    "views?|reads?|shares?|likes?|comments?|retweets?|aufrufe|kommentare|vues|partages|commentaires|visitas"
    "|comentarios|visualizações|visualizzazioni|görüntülenme|просмотр(?:ов|а)?|комментари(?:ев|я|й)|بازدید|نظر"
    "|مشاهده|مشاهدات|تعلیق|次阅读|阅读|评论|閲覧|조회"
)
"""A block of a number and one of these is a counter."""

BYLINES: Final = (
    "by our (?:own |special |staff )?(?:correspondents?|reporters?|staff)"
    "|by (?:staff|agencies|news desk)(?: writers?)?"
    "|from our (?:own )?correspondent|(?:our|staff) (?:correspondent|reporter|writer)"
    "|[a-z][\\w ]{1,20} (?:staff|desk)"
    "|von unserem korrespondenten|von unserer redaktion|de notre correspondante?|par la rédaction"
    "|de nuestro corresponsal|por (?:la )?redacción|da redação|dal nostro (?:inviato|corrispondente)"
    "|от нашего корреспондента|خبرنگار ما|از خبرنگار ما|من مراسلنا|本报讯|本报记者|本刊讯|本紙記者"
)
"""A first sentence, or an emphasised beginning, that says only who wrote."""

LIVE: Final = (
    "live|live blog|live updates?|liveblog|live coverage|as it happened|minute by minute|liveticker"
    "|newsblog|en direct"
    "|en vivo|ao vivo|in diretta|canlı|прямой эфир|прямая трансляция|онлайн-трансляция|لحظه به لحظه|زنده|مباشر"
    "|بث مباشر|直播|实时更新|ライブ|速報中|생중계"
)
CORRECTION: Final = (
    "corrections?|corrected|clarifications?|erratum|errata|retraction|editor'?s note|berichtigung|korrektur"
    "|richtigstellung|rectificatif|correctif|erratum|corrección|fe de errores|rectificación|correção|errata"
    "|correzione|rettifica|исправление|уточнение|поправка|اصلاحیه|تصحیح|توضیح|更正|勘误|訂正|정정"
)
PODCAST: Final = "podcast|پادکست|подкаст|بودکاست|播客|ポッドキャスト|팟캐스트"
DIGEST: Final = (
    # English
    "newsletter|(?:morning|midday|evening|nightly|daily|weekly|weekend|sunday) (?:news )?"
    "(?:briefing|brief|digest|round-?up|bulletin|headlines)"
    "|(?:news|media|press) (?:digest|round-?up|bulletin|review|summary|in brief)|news briefs"
    "|today'?s (?:headlines|top stories|papers)|top stories(?: (?:today|this \\w{3,12}|of the \\w{3,12}))?"
    "|\\w{1,12} things (?:you need )?to know (?:today|this (?:morning|evening|week)|(?:for|on) \\w{3,12})"
    # German
    "|(?:morgen|mittags?|abend|tages|wochen)-?(?:briefing|überblick|rückblick|newsletter)"
    "|(?:news|nachrichten)-?(?:überblick|ticker|blick)|presseschau|kurznachrichten|kurz notiert"
    "|das wichtigste (?:vom|am|in|des|zum) \\w{2,12}|das wichtigste heute|die lage am (?:morgen|abend)"
    # French
    "|l'essentiel de l'(?:actu|actualité|info)|revue de presse|infolettre|les titres d(?:u|e la) \\w{3,12}|en bref"
    "|l'actu du (?:jour|matin|soir)|journal de \\d{1,2} ?h(?:eures)?"
    # Spanish, Portuguese, Italian
    "|resumen (?:de noticias|del día|informativo)|boletín(?: informativo)?|titulares (?:de hoy|del día)"
    "|las (?:noticias|claves) (?:de hoy|del día)|revista de prensa|resumo (?:do dia|da semana|de notícias)"
    "|boletim|manchetes (?:de hoje|do dia)|rassegna stampa|le notizie (?:di oggi|del giorno)|in breve"
    # Dutch, Turkish, Indonesian
    "|nieuwsoverzicht|nieuwsbrief|kort nieuws|günün (?:özeti|manşetleri|haberleri)|(?:sabah|akşam|haber) bülteni"
    "|gazete manşetleri|(?:rangkuman|kilas) berita|berita terpopuler"
    # Russian, Ukrainian
    "|дайджест|главное за \\w{3,12}|обзор прессы|итоги (?:дня|недели)|(?:утренний|вечерний) (?:обзор|выпуск)"
    "|головне за \\w{3,12}|огляд преси"
    # Persian, Arabic
    "|خلاصه (?:اخبار|خبرها)|سرخط (?:اخبار|خبرها)|مهمترین (?:اخبار|خبرهای?) \\w{3,12}|بسته خبری"
    "|مرور (?:روزنامهها|مطبوعات)"
    "|موجز (?:الاخبار|الانباء)|نشره (?:الاخبار|اخبار \\w{3,12})"
    "|ابرز (?:الاخبار|العناوین)|جوله الصحافه|عناوین الصحف"
    # Chinese, Japanese, Korean
    "|要闻(?:速览|汇总|精选)|新闻(?:早餐|摘要|汇总|简报)|每日简报|ニュースまとめ|今日のニュース|ニュースダイジェスト|主要ニュース"
    "|뉴스 ?브리핑|간추린 뉴스|주요 ?뉴스"
)
"""What calls itself a digest of the news, at the beginning of a title or behind a dash at its end."""

AND_MORE: Final = (
    "and more|and much more|und mehr|und weitere (?:themen|nachrichten)|et plus(?: encore)?|y más|e mais|e altro"
    "|en meer|ve daha fazlası|и другое|и не только|و اخبار دیگر|والمزید"
)
"""How a title ends that lists several stories."""

INTERVIEW: Final = (
    "interview|q ?& ?a|questions and answers|in conversation|im (?:gespräch|interview)|entretien|entrevue"
    "|entrevista|intervista|vraaggesprek|röportaj|söyleşi|wawancara|интервью|інтерв'ю|گفتوگو|گفت و گو|مصاحبه"
    "|مقابله (?:مع|خاصه|صحفیه)|حوار (?:مع|خاص|صحفی)|专访|專訪|访谈|インタビュー|인터뷰"
)
"""What calls itself questions and answers."""

PREFIXES: Final = (
    "update(?: ?\\d+)?|breaking(?: news)?|urgent|exclusive|just in|watch|video|photos?|pictures?|eil"
    "|eilmeldung|update"
    "|urgent|alerte(?: info)?|última hora|urgente|срочно|молния|видео|فوری|عاجل|快讯|突发|速報|속보|world|news"
    "|business|sport|politics|economy|international|refile|recast|wrapup(?: ?\\d+)?|factbox|analysis"
)
"""What desks put before a title."""
