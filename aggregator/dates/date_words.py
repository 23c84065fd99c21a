"""Words that CLDR does not list: what stands around a date, and names as people really write them.

Everything here is written naturally and folded when the vocabulary is built. Tables by language say whose word
it is; a word that stands for something else in another language is settled by its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping

MONTHS: Mapping[str, str] = {
    "bg": "ян. фев. мар. апр. май юн. юл. авг. септ. окт. ноем. дек.",
    "ca": "gen. febr. març abr. maig juny jul. ag. set. oct. nov. des.",
    "cs": "led úno bře dub kvě čvn čvc srp zář říj lis pro",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "de": "Jän. Feb. Mrz. Apr. Mai Jun. Jul. Aug. Sept. Okt. Nov. Dez.",
    "el": "Ιαν Φεβ Μάρ Απρ Μάι Ιούν Ιούλ Αύγ Σεπ Οκτ Νοέ Δεκ",
    "en": "Jan. Feb. Mar. Apr. May Jun. Jul. Aug. Sept. Oct. Nov. Dec.",
    "es": "ene. feb. mzo. abr. may. jun. jul. ago. set. oct. nov. dic.",
    "eu": "urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren"
    " irailaren urriaren azaroaren abenduaren",
    "fr": "janv. févr. mars avr. mai juin juil. aoû. sept. oct. nov. déc.",
    "hr": "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca",
    "it": "genn. febbr. mar. apr. magg. giu. lug. ag. sett. ott. nov. dic.",
    "ka": "იანვარს თებერვალს მარტს აპრილს მაისს ივნისს ივლისს აგვისტოს სექტემბერს ოქტომბერს ნოემბერს დეკემბერს",
    "lt": "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "nl": "jan. feb. mrt. apr. mei jun. jul. aug. sept. okt. nov. dec.",
    "ru": "янв. фев. мрт. апр. мая июн. июл. авг. сент. окт. нояб. дек.",
    "sr": "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra",
    "mk": "јануари февруари март април мај јуни јули август септември октомври ноември декември",
    "sw": "Januari Februari Machi Aprili Mei Juni Julai Agosti Septemba Oktoba Novemba Desemba",
    "uz": "yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr",
    "he": "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
}
"""Twelve further forms of the months."""

MISSPELT: Mapping[str, int] = {
    "máujus": 5, "febuary": 2, "febrary": 2, "janury": 1, "setember": 9, "septmber": 9, "fabruary": 2,
    "novmber": 11, "octobre": 10, "ιον": 6, "ιολ": 7, "studenog": 11, "studeni": 11, "marz": 3, "marec": 3,
    "fevr": 2, "fév": 2, "thg mười hai": 12, "tháng giêng": 1, "tháng chạp": 12, "tháng một": 1, "tháng hai": 2,
    "tháng ba": 3, "tháng tư": 4, "tháng năm": 5, "tháng sáu": 6, "tháng bảy": 7, "tháng tám": 8,
    "tháng chín": 9, "tháng mười": 10, "tháng mười một": 11, "tháng mười hai": 12, "फरवरी": 2, "अक्तूबर": 10,
    "अक्टूबर": 10, "जनवरी": 1, "सितंबर": 9, "नवंबर": 11, "दिसंबर": 12, "ژوئيه": 7, "جولای": 7, "آگوست": 8, "اوت": 8,
    "أكتوبر": 10, "أوكتوبر": 10, "مارچ": 3, "ديسيمبر": 12, "نوفمير": 11,
}  # fmt: skip
"""Single further forms, and mistakes seen in feeds."""

JALALI_MONTHS = (
    "فروردین Farvardin حمل",
    "اردیبهشت Ordibehesht ثور",
    "خرداد Khordad جوزا",
    "تیر Tir سرطان",
    "مرداد امرداد Mordad اسد",
    "شهریور Shahrivar سنبله",
    "مهر Mehr میزان",
    "آبان Aban عقرب",
    "آذر Azar قوس",
    "دی Dey جدی",
    "بهمن Bahman دلو",
    "اسفند Esfand حوت",
)
"""Solar Hijri months: Iran's names, the same in Latin letters, Afghanistan's names."""

DAYS: Mapping[str, str] = {
    "en": "Mon Tues Weds Thurs Fri Sat Sun",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Sonnabend Sonntag",
    "el": "Δευ Τρι Τετ Πεμ Παρ Σαβ Κυρ",
    "fa": "دو شنبه|سه شنبه|چهار شنبه|پنج شنبه|جمعه|شنبه|یک شنبه",
    "fi": "maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina",
    "fr": "lun. mar. mer. jeu. ven. sam. dim.",
    "th": "จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์",
    "th ": "จ. อ. พ. พฤ. ศ. ส. อา.",
    "zh": "礼拜一 礼拜二 礼拜三 礼拜四 礼拜五 礼拜六 礼拜天",
    "zh ": "周一 周二 周三 周四 周五 周六 星期天",
    "ar": "الإثنين الثلاثا الأربعاء الخميس الجمعة السبت الأحد",
    "he": "שני שלישי רביעי חמישי שישי שבת ראשון",
    "hu": "hé. ke. sze. csüt. pé. szo. vas.",
    "pt": "segunda|terça|quarta|quinta|sexta|sábado|domingo",
    "pt ": "segunda feira|terça feira|quarta feira|quinta feira|sexta feira|sábado|domingo",
    "vi": "thứ hai|thứ ba|thứ tư|thứ năm|thứ sáu|thứ bảy|chủ nhật",
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье",
    "uk": "пн вт ср чт пт сб нд",
    "tr": "pzt sal çar per cum cmt paz",
}
"""Seven further forms of the weekdays, Monday first, separated by `|` where they hold spaces."""

HALVES: Mapping[str, str] = {
    "am": "am|a m|a|上午|早上|早晨|清晨|凌晨|午前|오전|새벽|아침|öö|π μ|ق ظ|قبل از ظهر|صبح|صباحا|صباحًا|सुबह|पूर्वाह्न|"
    "πρ|пр об|د ق|de la mañana|di mattina|da manhã|du matin|vorm|ص|בבוקר|д п|prije podne|pagi",
    "pm": "pm|p m|p|下午|午後|오후|저녁|ös|μ μ|ب ظ|بعد از ظهر|عصر|مساء|مساءً|शाम|अपराह्न|दोपहर|"
    "сл об|de la tarde|da tarde|nachm|م|אחהצ|בערב|п п|po podne|petang|傍晚|بعدازظهر",
    "night": "晚上|밤|de la noche|da noite|di sera|रात",
    "noon": "中午|正午|정오|noon",
}
"""Words for the halves of the day. At noon twelve is twelve and one is thirteen;
at night twelve is the end of one day and the beginning of the next, so that it is refused."""

UNITS: Mapping[str, str] = {
    "year": "年|оны|он",
    "month": "月|р сарын|р сар|сарын",
    "day": "日|号|號",
    "hour": "h|hrs|hr|hours|hour|uhr|時|时|點|点|点钟|點鐘|ч|час|часов|часа|giờ|óra|val|hod|hodin|uur|horas|hs",
    "minute": "分|мин|min|xv|phút|хв",
    "second": "秒|сек|sec|giây",
}
"""What a number counts when the word follows it."""

KOREAN_UNITS: Mapping[str, str] = {
    "year": "년",
    "month": "월",
    "day": "일",
    "hour": "시",
    "minute": "분",
    "second": "초",
}
"""The same in Korean, which tells the zone too."""

BEFORE: Mapping[str, str] = {
    "month": "tháng|thg",
    "weekday": "thứ",
    "hour": "h|kl|klo|klokken|klockan|kello|kell|plkst|ore|alle ore|ora|orele|pukul|jam|saat|godz|"
    "lúc|เวลา|ساعت|الساعة|בשעה|um|alle",
}
"""What the next number counts when the word precedes it."""

ERAS: Mapping[str, int] = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911, "中華民國": 1911}
"""Years that are counted from elsewhere: what to add to them."""

FILLERS = """
at on of the and t il lo de del d da do di du des den dem der am um uhr le la a à á las los el às as os o em
no na te ter van om op dne dnia v ve w we r roku rok g god godine godina goda leta ob г года год р року в во
на о об у часов ч od dana uur u års året år m gada val kell ngày năm lúc pada tanggal tgl hari jam saat
tarih tarihinde günü yılı ο στις του την τις ώρα ωρα στισ i yn ar les dia día dies ngay vào hồi hoi clock روز
در تاریخ ساعت مورخ في يوم سنة عام بتاريخ الساعة ب יום ב ה בשעה שעה ของ ที่ วัน วันที่ เวลา พศ คศ น เมื่อ ปี
को दिनांक समय तारीख बजे ই এ তারিখ 年度
西暦 西元 公元 公历 時 于 於 在 に の サ թ ին թվական წელი წელს საათი оны он сарын өдөр
өдрийн жылы жылғы kun yil yili م
"""
"""Words that say nothing of their own: at, of, le, de, г., kl."""

THAI_FILLERS = frozenset({"ที่", "วันที่", "เวลา", "พศ", "น", "เมื่อ", "ปี", "วัน"})

SUFFIXES = """
st nd rd th er ere ère re eme ème e o a ª º os an en in án én ján jén i ei kor ko ren aren го е й я р ый ого
de te ste da dagur na ta ci inci nci si ος η ին ე
"""
"""Endings of ordinal numbers; allowed only when attached to one."""
