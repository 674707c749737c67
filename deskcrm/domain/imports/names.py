"""What people call the columns of their tables, in both languages; the part that reading knows."""

import re
from typing import Final

SYNONYMS: Final[dict[str, str]] = {
    "name": "name|client|customer|company|company name|client name|account|account name"
    "|organization|organisation|firm|business name|название|наименование|клиент|компания"
    "|организация|контрагент|заказчик|фирма|название компании|наименование организации"
    "|имя клиента|покупатель",
    "legal_name": "legal name|full legal name|юридическое название|полное наименование"
    "|юр название|юрлицо|юридическое лицо",
    "tax_number": "tax id|tax number|vat|vat number|inn|tin|ein|инн|уин|унп|бин|налоговый номер",
    "person": "contact|contact name|contact person|full name|person|representative"
    "|first and last name|контакт|контактное лицо|фио|ф и о|имя и фамилия|представитель"
    "|сотрудник|имя контакта|кто",
    "first_name": "first name|given name|имя",
    "middle_name": "middle name|patronymic|отчество",
    "last_name": "last name|surname|family name|фамилия",
    "position": "position|job title|title|role in company|job|должность|кем работает",
    "role": "role|contact role|роль",
    "phone": "phone|phone number|telephone|tel|mobile|mobile phone|cell|cell phone|work phone"
    "|fax|phones|телефон|тел|мобильный|моб|сотовый|телефоны|номер телефона|моб тел"
    "|рабочий телефон|контактный телефон|мобильный телефон|факс",
    "email": "email|e mail|mail|email address|emails|почта|эл почта|электронная почта|емейл"
    "|имейл|адрес электронной почты|эл адрес|e mail адрес",
    "messenger": "messenger|telegram|whatsapp|skype|viber|мессенджер|телеграм|вотсап|скайп",
    "website": "website|web|site|url|web site|homepage|сайт|веб сайт|адрес сайта",
    "industry": "industry|sector|branch|отрасль|сфера|вид деятельности|сфера деятельности",
    "street": "street|address|street address|address line 1|адрес|улица|адрес доставки|юр адрес",
    "city": "city|town|город|населенный пункт",
    "province": "state|region|province|county|область|регион|край",
    "postal_code": "zip|zip code|postal code|postcode|индекс|почтовый индекс",
    "country": "country|страна",
    "tier": "tier|vip|level|importance|segment|category|уровень|важность|сегмент|категория"
    "|класс",
    "lifecycle": "lifecycle|stage|customer status|client status|стадия|этап|статус клиента",
    "owner": "owner|manager|account manager|csm|responsible|assignee|assigned to|ответственный"
    "|менеджер|куратор|владелец|исполнитель",
    "customer_since": "customer since|client since|since|start of cooperation|клиент с|с нами с"
    "|дата начала сотрудничества|работаем с",
    "language": "language|язык",
    "source": "source|lead source|источник|откуда",
    "goals": "goals|goal|цели|цель",
    "about": "about|notes|note|comment|comments|description|remarks|примечание|примечания"
    "|комментарий|комментарии|заметки|описание|о клиенте|доп информация",
    "caution": "caution|warning|осторожно|внимание|важно",
    "tags": "tags|tag|labels|метки|теги|тэги",
    "external_id": "id|external id|crm id|customer id|client id|code|uid|код|ид|внешний код"
    "|номер клиента|код клиента",
    "greeting": "greeting|salutation|nickname|обращение",
    "subject": "subject|topic|theme|summary|тема|заголовок|кратко",
    "text": "text|body|message|content|details|conversation|текст|сообщение|содержание|суть"
    "|подробности",
    "channel": "channel|type|via|канал|тип|способ связи",
    "direction": "direction|in out|направление",
    "outcome": "outcome|result|исход|результат|итог разговора",
    "started_at": "date|datetime|when|time|date and time|call date|created|created at|дата"
    "|дата и время|когда|дата звонка|создан|дата создания",
    "minutes": "minutes|duration|duration min|length|минут|длительность|продолжительность",
    "sentiment": "sentiment|mood|настроение|тональность",
    "kind": "kind|ticket type|request type|вид|вид обращения|тип обращения",
    "priority": "priority|urgency|приоритет|срочность",
    "state": "state|status|ticket status|состояние|статус|статус тикета",
    "number": "ticket|ticket number|number|номер|тикет|номер тикета|номер обращения",
    "contract": "contract|contract number|agreement|contract title|договор|номер договора"
    "|контракт|номер контракта|предмет договора",
    "value": "value|amount|price|sum|mrr|arr|acv|contract value|total|cost|сумма|стоимость|цена"
    "|сумма договора|абонентская плата",
    "currency": "currency|валюта",
    "period": "period|billing|billing period|billing cycle|период|периодичность|период оплаты",
    "starts_on": "start|start date|starts|starts on|contract start|from|начало|дата начала"
    "|действует с|дата договора",
    "ends_on": "end|end date|ends|ends on|renewal|renewal date|expiry|expires|contract end"
    "|until|окончание|дата окончания|продление|дата продления|действует до|срок|до",
    "notice_days": "notice|notice days|notice period|уведомление|срок уведомления",
    "auto_renews": "auto renew|auto renewal|auto renews|автопродление|автопролонгация"
    "|пролонгация",
    "metric": "metric|what is counted|indicator|показатель|метрика|что считается",
    "product": "product|module|продукт|модуль",
    "day": "day|usage date|date|день|дата",
    "used": "value|used|usage|quantity|count|значение|использовано|использование|количество",
    "ceiling": "limit|quota|ceiling|allowed|лимит|квота|предел",
    "invoice": "invoice|invoice number|invoice no|number|счет|номер счета|счет номер|номер",
    "issued_on": "issued|issue date|invoice date|date issued|date|выставлен|дата счета"
    "|дата выставления|дата",
    "due_on": "due|due date|pay by|payment due|оплатить до|срок оплаты|оплата до",
    "paid_on": "paid|paid on|payment date|date paid|оплачен|оплачено|дата оплаты",
    "invoice_state": "status|state|invoice status|payment status|статус|состояние|статус счета",
    "noticed_on": "noticed|notice given|notice date|gave notice|cancelled on|предупредил"
    "|сообщил об уходе",
    "left_on": "left|left on|churned|churned on|churn date|last day|ушел|ушла|дата ухода"
    "|последний день",
    "reason": "reason|main reason|churn reason|reason for leaving|why left|причина|причина ухода",
    "competitor": "competitor|went to|конкурент|ушел к",
    "form": "form|survey|questionnaire|анкета|опрос|форма",
    "nps": "nps|nps score|recommend|would recommend|готовность рекомендовать|рекомендация",
    "csat": "csat|csat score|satisfaction|удовлетворенность|довольны",
    "ces": "ces|ces score|effort|ease|легкость|усилия",
    "remark": "comment|comments|remark|feedback|in their words|words|комментарий|отзыв|слова"
    "|своими словами",
    "why": "why it was rejected|why rejected|почему отклонено",
}  # fmt: skip
"""By field: how tables call it, folded, the likeliest first."""

_NOT_WORDS: Final = re.compile(r"[\W_]+")
_NUMBERED: Final = re.compile(r"\s*\d{1,2}$")


def fold_header(text: str) -> str:
    """Fold a name of a column: "E-mail (раб.)", "e_mail" and "Phone 2" lose what differs."""
    plain = re.sub(r"\(.*?\)", " ", text.casefold().replace("ё", "е"))
    return _NUMBERED.sub("", _NOT_WORDS.sub(" ", plain).strip())


def _by_name() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for field, names in SYNONYMS.items():
        for name in (field.replace("_", " "), *names.split("|")):
            fields = found.setdefault(name, [])
            if field not in fields:
                fields.append(field)
    return {name: tuple(fields) for name, fields in found.items()}


FIELDS_CALLED: Final = _by_name()


def fields_called(header: str) -> tuple[str, ...]:
    """Name the fields that a column of this name may mean; of two header rows the lower decides."""
    whole = FIELDS_CALLED.get(fold_header(header), ())
    _group, colon, own = header.partition(": ")
    return whole or (fields_called(own) if colon and own else ())


def is_known(header: str) -> bool:
    """Tell whether people call a column so."""
    return bool(fields_called(header))
