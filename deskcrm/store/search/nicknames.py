"""Names that people are called by: Саша is Александр, Bill is William, Mike is Михаил."""

from functools import cache

from deskcrm.store.search.translit import skeleton

# A line is one name in all its forms; a form may stand in several lines.
_NAMES = """
александр саша саня шура алекс санёк alexander alex sasha sandy
александра саша шура саня alexandra sasha sandra
алексей алёша лёша лёха alexey alex
алёна елена лена
анастасия настя ася anastasia nastya
анатолий толя
андрей андрюша дюша andrew andy drew
анна аня нюра анюта anna ann anne annie anya
антон антоша тоша anthony tony anton
борис боря
вадим вадик
валентин валентина валя
валерий валерия валера лера
варвара варя barbara
василий вася basil
вера верочка
виктор витя victor vic
виктория вика victoria vicky tori
виталий виталик
владимир вова володя vladimir vlad
владислав влад слава
вячеслав слава
галина галя
геннадий гена
георгий гоша жора юрий юра егор george
григорий гриша gregory greg
дарья даша daria dasha
даниил данила даня daniel dan danny
денис dennis den
дмитрий дима митя dmitry dima
евгений евгения женя eugene gene
екатерина катя катюша catherine katherine kate katya cathy kathy
елена лена helen elena
елизавета лиза elizabeth liz lisa beth betty
зинаида зина
иван ваня ivan vanya
игорь гоша
илья илюша elijah
инна инночка
ирина ира irene irina
константин костя konstantin
кирилл кира cyril
ксения ксюша оксана xenia
лариса лара
лев лёва leo
леонид лёня leonard
любовь люба
людмила люда мила
максим макс maxim max
маргарита рита margaret rita maggie peggy
марина маша мариша
мария маша маруся маня maria mary masha
михаил миша michael mike mikhail misha mick
надежда надя nadia hope
наталья ната наташа natalia natasha
никита ник nikita
николай коля nicholas nick nikolai
нина ниночка
оксана ксюша
олег олежка
ольга оля olga
павел паша paul pavel
пётр петя peter pete
полина поля paulina
роман рома roman
светлана света
семён сёма simon
сергей серёжа серёга sergey serge
софья софия соня sophia sonya sophie
станислав стас слава
степан стёпа stephen steve steven
тамара тома
татьяна таня tatiana tanya
тимофей тима timothy tim
фёдор федя theodore ted theo
юлия юля julia julie
юрий юра george
яков яша jacob james jake jim
ярослав слава
albert al
benjamin ben
charles charlie chuck
christopher chris
christina christine chris tina
deborah debbie deb
donald don
edward ed eddie ted
frederick fred freddie
gabriel gabe
harold harry
henry harry hank
jennifer jen jenny
jessica jess
jonathan jon
joseph joe jo
joshua josh
kenneth ken
lawrence larry
matthew matt
nathaniel nathan nate
patricia pat patty trish
patrick pat paddy
philip phil
rebecca becky
richard rick dick rich
robert rob bob bobby
ronald ron
samuel samantha sam
susan sue susie
thomas tom tommy
walter walt
william will bill billy liam
zachary zach
"""


def called_also(spelled: str) -> frozenset[str]:
    """The skeletons of the other forms of a first name that is given by its skeleton."""
    return _by_form().get(spelled, frozenset())


@cache
def _by_form() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _NAMES.split("\n"):
        forms = {skeleton(form.replace("ё", "е")) for form in line.split()}
        for form in forms:
            found.setdefault(form, set()).update(forms - {form})
    return {form: frozenset(others) for form, others in found.items()}
