"""Digests, interviews and the next day's news repeat an article, and are other pieces; in several languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator import stories
from aggregator.model import Evidence, Sighting
from aggregator.stories.title_traits import traits_of
from tests.stories.shelf import NOON, entry

HOUR = timedelta(hours=1)
DAM: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Dam at Korrin breaks after week of rain, 41 missing",
        "news": (
            (
                "The dam at Korrin broke early on Tuesday after a week of heavy rain, and 41 people are missing"
                " in the"
                " villages below, the provincial governor Ela Mardin said."
            ),
            (
                "Water reached the roofs of Lower Korrin within ten minutes, witnesses said, and carried away the"
                " bridge on the road to Sarven."
            ),
        ),
        "background": (
            (
                "The dam was built in 1962 for a paper mill that closed thirty years ago. Engineers warned"
                " twice, in"
                " 2014 and in 2021, that its spillway was too narrow for the floods that are expected now."
            ),
            (
                "The energy ministry, which took over the dam from the heirs of the mill, said in 2022 that a"
                " repair"
                " would cost 18 million crowns, more than the value of the electricity that it makes."
            ),
            (
                "Some 3,200 people live in the four villages in the valley, most of them farmers and commuters"
                " to the"
                " town of Sarven, which lies 24 kilometres downstream."
            ),
        ),
        "next title": "Energy minister resigns as toll of flood rises to 57",
        "next": (
            (
                "Tobias Renn resigned on Wednesday after it emerged that his office had struck the repair from the"
                " budget in March."
            ),
        ),
        "others": (
            (
                "Parliament voted on Tuesday by 84 votes to 61 to end the tax on books, a measure that"
                " publishers had"
                " asked for since 2009 and that three governments had promised."
            ),
            (
                "The central bank left its key rate at 3.75 percent and said that it saw no reason for a cut"
                " before"
                " the autumn, as wages in the services rise faster than it had thought."
            ),
            (
                "Satu Niemi beat Ravi Menon in two sets in Tandruk and meets the winner of the match between Costa"
                " and Ilves in the semi-final, her third of this year."
            ),
        ),
        "digests": (
            "Morning briefing",
            "Dam at Korrin breaks after week of rain | The Lake Daily Briefing",
            "Dam at Korrin breaks, tax on books ends, and more",
            "Dam at Korrin breaks; tax on books ends; Niemi in semi-final",
            "What the day was about",
        ),
        "interview": "We heard a bang and then the water came: Korrin mayor in interview",
        "asked": (
            "When did you learn that the dam had broken?",
            "I ran from house to house with my sons and we knocked at each door.",
            "Did you know of the warnings?",
            "Everybody here knew. I wrote to the ministry four times, and I have the letters still.",
            "What do you need most now?",
            "Dry clothes, diesel for the pumps, and somebody who tells us where to live in winter.",
        ),
    },
    "de": {
        "title": "Staudamm bei Korrin gebrochen, 41 Menschen vermisst",
        "news": (
            (
                "Der Staudamm bei Korrin ist am frühen Dienstagmorgen nach einer Woche Dauerregen gebrochen, 41"
                " Menschen werden in den Dörfern unterhalb vermisst, wie die Gouverneurin Ela Mardin mitteilte."
            ),
            (
                "Das Wasser erreichte nach Angaben von Augenzeugen binnen zehn Minuten die Dächer von"
                " Unterkorrin und"
                " riss die Brücke an der Straße nach Sarven fort."
            ),
        ),
        "background": (
            (
                "Der Damm wurde 1962 für eine Papierfabrik gebaut, die vor dreißig Jahren schloss. Gutachter"
                " warnten"
                " 2014 und 2021, dass der Überlauf für die heute zu erwartenden Hochwasser zu eng sei."
            ),
            (
                "Das Energieministerium, das den Damm von den Erben der Fabrik übernahm, bezifferte die Kosten"
                " einer"
                " Sanierung 2022 auf 18 Millionen Kronen, mehr als der Wert des erzeugten Stroms."
            ),
            (
                "In den vier Dörfern des Tals leben rund 3200 Menschen, die meisten Bauern und Pendler in die"
                " Stadt"
                " Sarven, die 24 Kilometer flussabwärts liegt."
            ),
        ),
        "next title": "Energieminister tritt zurück, Zahl der Toten steigt auf 57",
        "next": (
            (
                "Tobias Renn ist am Mittwoch zurückgetreten, nachdem bekannt geworden war, dass sein Haus die"
                " Sanierung im März aus dem Haushalt gestrichen hatte."
            ),
        ),
        "others": (
            (
                "Der Landtag beschloss am Dienstag mit 84 zu 61 Stimmen das Ende der Büchersteuer, das die Verlage"
                " seit 2009 gefordert und drei Regierungen versprochen hatten."
            ),
            (
                "Die Zentralbank beließ den Leitzins bei 3,75 Prozent und sah vor dem Herbst keinen Anlass zu"
                " einer"
                " Senkung, da die Löhne der Dienstleister schneller steigen als gedacht."
            ),
            (
                "Satu Niemi schlug Ravi Menon in Tandruk in zwei Sätzen und trifft im Halbfinale, ihrem dritten in"
                " diesem Jahr, auf den Sieger des Spiels zwischen Costa und Ilves."
            ),
        ),
        "digests": (
            "Morgenbriefing",
            "Das Wichtigste am Mittwoch: Staudamm bei Korrin gebrochen",
            "Staudamm bei Korrin gebrochen, Büchersteuer endet und mehr",
            "Worüber heute geredet wird",
        ),
        "interview": "»Ein Knall, dann kam das Wasser«: die Bürgermeisterin von Korrin im Gespräch",
        "asked": (
            "Frau Vesik, wann haben Sie davon erfahren?",
            "Ich lief mit meinen Söhnen von Haus zu Haus und klopfte an jede Tür.",
            "Wussten Sie von den Warnungen?",
            "Das wusste hier jeder. Ich habe dem Ministerium viermal geschrieben und habe die Briefe noch.",
            "Was brauchen Sie jetzt am dringendsten?",
            "Trockene Kleider, Diesel für die Pumpen und jemanden, der sagt, wo wir im Winter wohnen.",
        ),
    },
    "fa": {
        "title": "سد کرین شکست؛ ۴۱ نفر ناپدید شدند",
        "news": (
            (
                "سد کرین بامداد سه‌شنبه پس از یک هفته باران سنگین شکست و به گفته استاندار الا ماردین ۴۱ نفر در"
                " روستاهای پایین‌دست ناپدید شده‌اند."
            ),
            "شاهدان می‌گویند آب در ده دقیقه به بام خانه‌های کرین پایین رسید و پل جاده سارون را با خود برد.",
        ),
        "background": (
            (
                "این سد سال ۱۹۶۲ برای یک کارخانه کاغذ ساخته شد که سی سال پیش تعطیل شد. مهندسان دو بار در سال‌های"
                " ۲۰۱۴ و ۲۰۲۱ هشدار دادند که سرریز آن برای سیلاب‌های امروز تنگ است."
            ),
            (
                "وزارت نیرو که سد را از وارثان کارخانه تحویل گرفت سال ۲۰۲۲ گفت تعمیر آن هجده میلیون کرون هزینه"
                " دارد"
                " که بیش از ارزش برق تولیدی است."
            ),
            (
                "حدود ۳۲۰۰ نفر در چهار روستای این دره زندگی می‌کنند که بیشتر کشاورزند یا در شهر سارون در ۲۴"
                " کیلومتری پایین‌دست کار می‌کنند."
            ),
        ),
        "next title": "وزیر نیرو استعفا کرد؛ شمار جان‌باختگان سیل به ۵۷ رسید",
        "next": (
            (
                "توبیاس رن روز چهارشنبه استعفا کرد پس از آنکه معلوم شد دفتر او تعمیر سد را در ماه مارس از بودجه"
                " حذف کرده بود."
            ),
        ),
        "others": (
            (
                "مجلس روز سه‌شنبه با ۸۴ رأی موافق در برابر ۶۱ رأی به پایان مالیات کتاب رأی داد که ناشران از سال"
                " ۲۰۰۹ خواهان آن بودند و سه دولت وعده داده بودند."
            ),
            (
                "بانک مرکزی نرخ بهره را در ۳٫۷۵ درصد نگه داشت و گفت پیش از پاییز دلیلی برای کاهش آن نمی‌بیند زیرا"
                " دستمزدها سریع‌تر از انتظار بالا می‌رود."
            ),
            (
                "ساتو نیمی در تاندروک راوی منون را در دو ست شکست داد و در نیمه‌نهایی با برنده دیدار کوستا و ایلوس"
                " روبه‌رو می‌شود."
            ),
        ),
        "digests": ("خلاصه اخبار: سد کرین شکست", "سرخط خبرها", "امروز چه گذشت"),
        "interview": "«صدایی آمد و بعد آب رسید»: گفت‌وگو با شهردار کرین",
        "asked": (
            "خانم وسیک کی خبردار شدید؟",
            "با پسرانم از خانه‌ای به خانه دیگر دویدم و در هر خانه را زدیم.",
            "از هشدارها خبر داشتید؟",
            "اینجا همه می‌دانستند. چهار بار به وزارتخانه نامه نوشتم و نامه‌ها را هنوز دارم.",
            "اکنون بیش از همه چه نیاز دارید؟",
            "لباس خشک و گازوئیل برای پمپ‌ها و کسی که بگوید زمستان کجا زندگی کنیم.",
        ),
    },
}
LANGUAGES = pytest.mark.parametrize("told", DAM.values(), ids=DAM)


def piece(uid: str, title: str, *paragraphs: str, hours: float = 0) -> Sighting:
    """A sighting of a source of its own."""
    signature = stories.sign(entry(title, "".join(f"<p>{text}</p>" for text in paragraphs)))
    return Sighting(uid=uid, source_id=f"s{uid}", published=NOON + hours * HOUR, signature=signature)


def judged(one: Sighting, other: Sighting) -> str:
    """The method, or the rule that refused; the same both ways round."""
    answer = stories.verify(one, other)
    assert answer == stories.verify(other, one)
    return answer.method if isinstance(answer, Evidence) else answer.rule


MERGED = {"exact", "near", "headline", "url"}


@LANGUAGES
def test_a_digest_that_begins_with_an_article_is_not_that_article(told: dict[str, Any]):
    article = piece("a", told["title"], *told["news"])
    for title in told["digests"]:
        digest = piece("b", title, *told["news"], *told["others"])
        assert judged(article, digest) not in MERGED, title
        assert (
            judged(article, piece("b", title, told["others"][0], *told["news"], *told["others"][1:])) not in MERGED
        )


@LANGUAGES
def test_an_article_with_its_background_is_the_one_that_another_outlet_cut_off(told: dict[str, Any]):
    article = piece("a", told["title"], *told["news"])
    whole = piece("b", f"{told['title']} - Lake", *told["news"], *told["background"])
    assert judged(article, whole) == "near"


@LANGUAGES
def test_an_interview_that_begins_with_the_news_is_not_the_news(told: dict[str, Any]):
    article = piece("a", told["title"], *told["news"])
    for title in (told["interview"], "Korrin"):
        assert judged(article, piece("b", title, *told["news"], *told["asked"], hours=5)) == "interview"


@LANGUAGES
def test_an_interview_is_one_with_its_own_beginning(told: dict[str, Any]):
    whole = piece("a", told["interview"], *told["news"], *told["asked"])
    assert judged(whole, piece("b", told["interview"], *told["news"], *told["asked"], told["others"][0])) == "near"
    assert judged(whole, piece("b", told["interview"].partition(":")[0], *told["news"], *told["asked"])) == "exact"


@LANGUAGES
def test_the_next_days_news_that_repeats_the_background_is_another_piece(told: dict[str, Any]):
    first = piece("a", told["title"], *told["news"], *told["background"])
    for kept in (1, 2):
        text = *told["next"] * (3 - kept), *told["news"][2:], told["news"][1], *told["background"][-1 - kept :]
        assert judged(first, piece("b", told["next title"], *text, hours=22)) == "sequel"


def test_a_late_copy_bears_the_headline_or_the_first_words_and_an_early_one_neither():
    told = DAM["en"]
    first = piece("a", told["title"], *told["news"], *told["background"])
    own_lead = "Dozens were swept away on Tuesday, rescuers said, when a reservoir above four villages burst."
    text = own_lead, told["news"][1], *told["background"]
    assert judged(first, piece("b", "Flood in valley kills many", *text, hours=5)) == "near"
    assert judged(first, piece("b", "Flood in valley kills many", *text, hours=6)) == "sequel"
    assert judged(first, piece("b", told["title"], *text, hours=22)) == "near"
    begun = *told["news"], own_lead, *told["background"][:2]
    assert judged(first, piece("b", "Flood in valley kills many", *begun, hours=22)) == "near"


def test_a_toll_that_rose_by_the_next_day_is_another_piece_under_nearly_the_same_headline():
    told = DAM["en"]
    first = piece("a", "Toll of dam break at Korrin rises to 41 people", *told["news"], *told["background"])
    text = "Rescuers went on digging all night.", told["news"][1], *told["background"]
    later = "Toll of dam break at Korrin rises to 57 people"
    assert judged(first, piece("b", f"{later} on Wednesday", *text, hours=22)) == "sequel"
    assert judged(first, piece("b", "Toll of dam break at Korrin rises to 41 people", *text, hours=22)) == "near"


def test_untitled_texts_are_known_by_how_they_begin():
    told = DAM["en"]
    short = piece("a", "", *told["news"])
    whole = piece("b", "A title of its own", *told["news"], *told["background"], *told["others"])
    assert judged(short, whole) == "near"
    assert judged(replace(short, signature=stories.sign(entry("Books", f"<p>{told['news'][0]}</p>"))), whole) in {
        "unlike",
        "short",
    }


@pytest.mark.parametrize(
    "title",
    [
        "White House briefing room gets a new carpet",
        "Publisher sues over newsletter",
        "Weekly report: stocks of crude fall",
        "Stocks fall, oil rises; dollar steady",
        "Bank buys rival and more",
        "Bank buys rival; shares fall",
        "Roundup: talks resume",
    ],
)
def test_articles_that_speak_of_digests_are_none(title: str):
    assert "programme" not in traits_of(title, None)


@pytest.mark.parametrize(
    "title",
    [
        "Revue de presse du 4 mars",
        "L'essentiel de l'actu : le barrage cède",
        "Resumen de noticias: la presa",
        "Главное за день: прорыв плотины",
        "موجز الأنباء - السد",
        "新闻早餐 | 大坝溃决",
        "The River News Roundup",
        "Five things to know this morning",
    ],
)
def test_a_digest_is_known_by_its_name_in_many_languages(title: str):
    assert "programme" in traits_of(title, None)
