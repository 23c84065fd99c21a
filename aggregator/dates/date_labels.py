"""Words that say which of its two dates a site is about to show."""

from __future__ import annotations

PUBLISHED = """
published|first published|originally published|publication date|date published|published date|pub date|pubdate
posted
date posted|posted on|created|date created|date|issued|released|release date|first posted|originally posted
added
publié|publiée|paru|mis en ligne|créé|date de publication|première publication|diffusé|posté
veröffentlicht|erstveröffentlicht|erschienen|erstellt|veröffentlichung|datum|publiziert|online seit
publicado|publicada|fecha de publicación|creado|fecha|publicación
pubblicato|pubblicata|data di pubblicazione|creato|data
publicado|publicada|publicação|data de publicação|criado|postado|data
gepubliceerd|geplaatst|gepost|aangemaakt|publicatiedatum
publicerad|publicerat|publicerades|skapad
publisert|først publisert|opprettet|offentliggjort|udgivet|publiceret|oprettet
julkaistu|luotu|birt|birtist
opublikowano|opublikowana|data publikacji|data dodania|dodano|utworzono
publikováno|vydáno|zveřejněno|vytvořeno|datum vydání|publikované|zverejnené|vytvorené|vydané
objavljeno|datum objave|objavljen|kreirano|publikovano|објављено|објавено
megjelent|publikálva|közzétéve|létrehozva
publicat|publicată|postat|data publicării
публикувано|публикувана|публикация|опубликовано|опубликована|дата публикации|создано|размещено|добавлено
опубліковано|дата публікації|створено|апублікавана
δημοσιεύθηκε|δημοσιεύτηκε|δημοσίευση|ημερομηνία δημοσίευσης|ημερομηνία
yayınlanma|yayınlandı|yayın tarihi|yayınlanma tarihi|giriş|giriş tarihi|oluşturulma|eklenme|eklenme tarihi
diterbitkan|dipublikasikan|terbit|tayang|diterbitkan pada|diposting
đăng|đăng lúc|ngày đăng|xuất bản|đăng ngày
نشر|نشر في|نُشر في|تم النشر|تاريخ النشر|منشور
انتشار|تاریخ انتشار|زمان انتشار|منتشر شده|منتشر شده در|تاریخ
پبلش|شائع|شائع شدہ
פורסם|פורסם בתאריך|תאריך פרסום
प्रकाशित|पब्लिश|published on|प्रकाशन तिथि
প্রকাশিত|প্রকাশ|প্রকাশের সময়
เผยแพร่|เผยแพร่เมื่อ|โพสต์เมื่อ
公開|公開日|公開日時|掲載|掲載日|投稿|投稿日|投稿日時|配信|発表|作成日|初出
发布|发布于|发布时间|发布日期|發布|發布於|發布時間|發佈|發佈時間|發表|发表|发表于|发表时间|發表於|创建时间|日期|时间|時間
입력|등록|게시|작성|기사입력|최초입력|송고|승인|발행|등록일|작성일|입력시간|게시일
"""
"""Separated by `|` or a new line; roughly by language."""

UPDATED = """
updated|last updated|update|last update|modified|last modified|edited|last edited|revised|last revised
corrected|changed
amended|date modified|date updated|updated on|latest update|last changed|reviewed|last reviewed|upd|mod
corrected on|as of
mis à jour|mise à jour|dernière mise à jour|modifié|modifiée|dernière modification|actualisé|maj|maj le|édité
corrigé
aktualisiert|zuletzt aktualisiert|letzte aktualisierung|aktualisierung|aktualisiert am|geändert|zuletzt geändert
letzte änderung|bearbeitet|zuletzt bearbeitet|stand|update am|zuletzt aktualisiert am|überarbeitet
zuletzt modifiziert
actualizado|actualizada|última actualización|actualización|modificado|última modificación|editado
fecha de actualización
aggiornato|aggiornata|ultimo aggiornamento|aggiornamento|modificato|ultima modifica|data di aggiornamento
atualizado|atualizada|última atualização|atualização|modificado|última modificação|editado|atualizado há
bijgewerkt|laatst bijgewerkt|laatste update|gewijzigd|laatst gewijzigd|aangepast|laatst aangepast
laatste wijziging
uppdaterad|uppdaterat|senast uppdaterad|senast ändrad|ändrad|uppdaterades
oppdatert|sist oppdatert|sist endret|endret|opdateret|sidst opdateret|senest opdateret|ændret|redigert|opdatert
päivitetty|viimeksi päivitetty|muokattu|viimeksi muokattu|uppfært|síðast uppfært
aktualizacja|ostatnia aktualizacja|zaktualizowano|zmodyfikowano|ostatnia modyfikacja|edytowano|data aktualizacji
aktualizováno|naposledy aktualizováno|poslední aktualizace|aktualizace|upraveno|změněno|aktualizované|upravené
ažurirano|zadnje ažuriranje|posljednja izmjena|zadnja izmjena|izmijenjeno|izmenjeno|posodobljeno
nazadnje posodobljeno
ажурирано|последње ажурирање|измењено|изменето
frissítve|utolsó frissítés|frissítés|módosítva|utoljára frissítve|utoljára módosítva
actualizat|actualizată|ultima actualizare|modificat|ultima modificare|actualizare
обновена|обновено|последна актуализация|актуализирана|променена|последна промяна
обновлено|обновлён|обновлена|последнее обновление|изменено|дата обновления|дата изменения|отредактировано
оновлено|останнє оновлення|змінено|дата оновлення|абноўлена
ενημερώθηκε|τελευταία ενημέρωση|ενημέρωση|τροποποιήθηκε|επικαιροποιήθηκε
güncelleme|güncellendi|güncellenme|son güncelleme|son güncellenme|güncelleme tarihi|güncellenme tarihi
son güncelleme tarihi|son guncelleme
diperbarui|terakhir diperbarui|diperbaharui|pembaruan|diupdate|dikemas kini
cập nhật|cập nhật lúc|cập nhật lần cuối|sửa đổi|lần cuối
تحديث|آخر تحديث|تم التحديث|تم تحديثه|تاريخ التحديث|آخر تعديل|تعديل|تاريخ التعديل|تم التعديل|محدث
به‌روزرسانی|به روزرسانی|به روز رسانی|بروزرسانی|بروز رسانی|آخرین به‌روزرسانی|آخرین بروزرسانی|آخرین به روزرسانی
آخرین به روز رسانی|به‌روز شده|به روز شده|بروز شده|به‌روز شده در|ویرایش|ویرایش شده|آخرین ویرایش|تغییر|آخرین تغییر
زمان به‌روزرسانی|تاریخ به‌روزرسانی|تاریخ بروزرسانی|اپ ڈیٹ|آخری اپ ڈیٹ
עודכן|עודכן לאחרונה|עדכון אחרון|עודכן בתאריך|עודכנה
अपडेट|अपडेटेड|अद्यतन|अंतिम अपडेट|अपडेट किया गया|आखरी अपडेट|last updated on
আপডেট|সর্বশেষ আপডেট|হালনাগাদ
อัปเดต|อัพเดท|อัปเดตล่าสุด|ปรับปรุง|แก้ไข|ปรับปรุงล่าสุด|แก้ไขล่าสุด
更新|最終更新|最終更新日|更新日|更新日時|最終更新日時|改訂|修正
更新于|更新於|更新时间|更新時間|更新日期|最后更新|最後更新|最后更新时间|最後更新時間|最后修改|修改|修改时间|编辑于|最近更新
수정|최종수정|최종 수정|업데이트|최종업데이트|최종 업데이트|기사수정|수정일|갱신|마지막 업데이트
"""
"""Separated by `|` or a new line; roughly by language."""
