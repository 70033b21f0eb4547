"""Made-up sheets with known duplicates for `duplicates.py`: people, organisations from several sources, firms with branches.

Everything is drawn from a seed. Errors follow what the literature on record linkage corrupts with (Christen & Pudjijono
2009): typing, hearing, reading, swapped and missing fields, another spelling, a move, a marriage, a new number.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

VOCAB = Path(__file__).parents[1] / "src" / "lostdeals" / "vocab"
Sheet = tuple[pd.DataFrame, np.ndarray]
"""The sheet, and of each row the number of whom it is."""


def people(rows: int, lang: str, seed: int, contacts: bool = True, dirt: float = 1.0) -> Sheet:
    """People with birth dates and addresses; a quarter of the rows are further records of somebody."""
    make = Maker(lang, seed, dirt)
    whom = make.groups(rows, 0.25)
    people = [make.person() for _ in range(whom.max() + 1)]
    seen: set[int] = set()
    out = []
    for one in whom.tolist():
        out.append(make.again(people[one]) if one in seen else dict(people[one]))
        seen.add(one)
    frame = pd.DataFrame(out)
    columns = {
        "zh": {"name": "姓名", "phone": "手机", "email": "邮箱", "birthday": "出生日期", "address": "联系地址", "city": "城市"},
        "en": {
            "first": "First Name", "last": "Last Name", "birthday": "Date of Birth", "address": "Street Address",
            "city": "City", "postcode": "Postcode", "phone": "Phone", "email": "Email",
        },
    }[lang]  # fmt: skip
    kept = {key: header for key, header in columns.items() if contacts or key not in ("phone", "email")}
    return frame[list(kept)].rename(columns=kept), whom


def organisations(rows: int, lang: str, seed: int, dirt: float = 1.0) -> Sheet:
    """Organisations as several sources list them: other legal forms, order, abbreviations, numbers."""
    make = Maker(lang, seed, dirt)
    whom = make.groups(rows, 0.35)
    firms = [make.firm() for _ in range(whom.max() + 1)]
    frame = pd.DataFrame([make.listed(firms[one]) for one in whom.tolist()])
    names = {
        "zh": {
            "company": "公司名称",
            "phone": "联系电话",
            "address": "公司地址",
            "city": "所在城市",
            "website": "网址",
        },
        "en": {"company": "Company", "phone": "Phone", "address": "Address", "city": "City", "website": "Website"},
    }[lang]
    return frame[list(names)].rename(columns=names), whom


def branches(rows: int, lang: str, seed: int, dirt: float = 1.0) -> Sheet:
    """Chains whose branches share a name, at times a switchboard; each branch is a customer, some are listed twice."""
    make = Maker(lang, seed, dirt)
    places: list[dict[str, str | None]] = []
    while len(places) < rows * 0.8:
        firm = make.firm()
        switchboard = firm["phone"] if make.rng.random() < 0.2 else None
        for _ in range(1 + make.rng.poisson(4) * (make.rng.random() < 0.4)):
            branch = {**firm, **make.place(), "phone": switchboard or make.landline()}
            places.append({**branch, "contact": make.full_name()})
    whom = np.r_[np.arange(len(places)), make.rng.choice(len(places), rows - len(places), replace=False)]
    whom = whom[make.rng.permutation(len(whom))]
    out = []
    for one in whom.tolist():
        listed = make.listed({**places[one]})
        contact = None if make.chance(0.15) else places[one]["contact"]
        out.append({**listed, "contact": make.full_name() if make.chance(0.1) else contact})
    names = {
        "zh": {"company": "客户公司", "contact": "联系人", "phone": "电话", "address": "地址", "city": "城市"},
        "en": {"company": "Company", "contact": "Contact Name", "phone": "Phone", "address": "Address", "city": "City"},
    }[lang]
    return pd.DataFrame(out)[list(names)].rename(columns=names), whom


class Maker:
    """Makes people and firms that cannot exist, and writes them down again with mistakes."""

    def __init__(self, lang: str, seed: int, dirt: float) -> None:
        self.lang, self.dirt, self.people = lang, dirt, 0
        self._weights: dict[tuple[int, float], np.ndarray] = {}
        self.rng = np.random.default_rng(seed)
        sounds = tomllib.loads((VOCAB / "sounds.toml").read_text(encoding="utf-8"))["syllables"]
        self.alike = {character: row.split()[1][:30] for row in sounds for character in row.split()[1]}
        self.surnames = ZH_SURNAMES if lang == "zh" else EN_SURNAMES + self._syllables(3000)
        self.given = list(ZH_GIVEN) if lang == "zh" else EN_GIVEN + self._syllables(300)
        self.words = [a + b for a in ZH_FIRM for b in ZH_FIRM if a != b] if lang == "zh" else self._syllables(20000)
        self.streets = [a + b for a in ZH_STREET for b in "安平宁兴华福康乐"] if lang == "zh" else self._syllables(900)

    def groups(self, rows: int, more: float) -> np.ndarray:
        """Of each row whose it is, in random order: mostly two records of one, seldom up to five."""
        first = int(rows * (1 - more))
        again = self.rng.choice(first, rows - first, p=self._skewed(first, 0.3))
        whom = np.r_[np.arange(first), again]
        return whom[self.rng.permutation(rows)]

    def chance(self, share: float) -> bool:
        """Whether a mistake of this usual share happens."""
        return bool(self.rng.random() < share * self.dirt)

    def person(self) -> dict[str, str | None]:
        """A first record, some fields of it blank."""
        last, first = self.pick(self.surnames), self._first()
        birthday = str(np.datetime64("1945-01-01") + int(self.rng.integers(0, 22000)))
        made = {"last": last, "first": first, "birthday": birthday, **self.place(), "phone": self.mobile()}
        self.people += 1
        made["email"] = f"{first}.{last}{self.people if self.rng.random() < 0.7 else ''}@{self.pick(HOSTS)}".lower()
        if self.lang == "zh":
            made["name"] = last + first
            made["email"] = f"{''.join(self.rng.choice(list('abcdefghiklmnoprst'), 7))}@{self.pick(HOSTS)}"
        return {key: None if key not in ("last", "name") and self.rng.random() < 0.08 else made[key] for key in made}

    def again(self, person: dict[str, str | None]) -> dict[str, str | None]:
        """Another record of a person, with what goes wrong."""
        new = dict(person)
        if self.chance(0.15):  # moved
            new.update(self.place())
        if self.chance(0.25):
            new["phone"] = self.mobile()
        if self.chance(0.3):
            new["email"] = None if self.chance(0.5) else self._typo(new["email"])
        if self.lang == "zh":
            new["name"] = self._name_again(str(new["name"]))
        else:
            if self.chance(0.06):  # married
                new["last"] = self.pick(self.surnames)
            if self.chance(0.08):
                new["first"] = NICKNAMES.get(str(new["first"]), str(new["first"])[:1])
            if self.chance(0.08):
                new["first"], new["last"] = new["last"], new["first"]
        for key in ("first", "last", "address", "city", "phone"):
            if key in new and self.chance(0.12):
                new[key] = self._typo(new[key])
        if new["birthday"] and self.chance(0.2):
            new["birthday"] = self._other_day(new["birthday"])
        for key in new:
            if key not in ("last", "name") and self.chance(0.1):
                new[key] = None
        return new

    def firm(self) -> dict[str, str | None]:
        """An organisation as it is registered."""
        self.people += 1
        city = self.pick(ZH_CITIES if self.lang == "zh" else EN_CITIES)
        kind = self.pick(ZH_KINDS if self.lang == "zh" else EN_KINDS)
        core = self.pick(self.words, 0.0)
        if self.lang == "en" and self.rng.random() < 0.4:
            core += " " + self.pick(self.words, 0.0)
        site = (
            "".join(self.rng.choice(list("abcdefghiklmnoprstuvw"), 8))
            if self.lang == "zh"
            else core.replace(" ", "") + str(self.people)
        )
        made = {"core": core, "kind": kind, "town": city, **self.place(city), "phone": self.landline()}
        return {**made, "website": f"www.{site.lower()}.example"}

    def listed(self, firm: dict[str, str | None]) -> dict[str, str | None]:
        """The firm as one source has it."""
        core, kind, town = str(firm["core"]), str(firm["kind"]), str(firm["town"])
        if self.chance(0.06):
            core = str(self._typo(core))
        if self.lang == "zh":
            legal = self.pick(["有限公司", "有限责任公司", "股份有限公司", "公司", ""], 0.0)
            forms = [
                f"{town}{core}{kind}{legal}",
                f"{core}{kind}（{town}）{legal}",
                f"{core}{kind}{legal}",
                f"{town}{core}",
            ]
        else:
            legal = self.pick(["Inc.", "Incorporated", "Ltd", "Limited", "LLC", "GmbH", "Co., Ltd.", "", "Corp."], 0.0)
            short = {"Technologies": "Tech", "International": "Intl", "Manufacturing": "Mfg", "Services": "Svcs"}
            forms = [
                f"{core} {kind} {legal}",
                f"{core} {short.get(kind, kind)}",
                f"{kind} {core}, {legal}",
                f"The {core} {kind}",
            ]
        new = {**firm, "company": self.pick(forms, 0.6).strip(" ,")}
        if self.chance(0.2):
            new["phone"] = self.landline()
        if self.chance(0.25):
            new["address"] = self._rewritten(str(firm["address"]))
        for key in ("address", "company"):
            if self.chance(0.05):
                new[key] = self._typo(new[key])
        for key, share in (("phone", 0.15), ("address", 0.12), ("website", 0.3), ("city", 0.08)):
            if self.chance(share):
                new[key] = None
        return new

    def place(self, city: str | None = None) -> dict[str, str | None]:
        """An address; a few houses hold many people."""
        city = city or self.pick(ZH_CITIES if self.lang == "zh" else EN_CITIES)
        street, house = self.pick(self.streets, 0.3), int(self.rng.integers(1, 400))
        if self.lang == "zh":
            room = f"{self.rng.integers(1, 30)}栋{self.rng.integers(1, 30)}0{self.rng.integers(1, 5)}室"
            return {"address": f"{city}市{street}路{house}号{room}", "city": city}
        kind = self.pick(["Street", "Road", "Avenue", "Lane", "Drive"], 0.0)
        postcode = f"{EN_CITIES.index(city) * 37 + 100:03d}{self.streets.index(street) % 90 + 10}"
        return {"address": f"{house} {street} {kind}", "city": city, "postcode": postcode}

    def full_name(self) -> str:
        """Somebody to speak to."""
        return self.pick(self.surnames) + ("" if self.lang == "zh" else ", ") + self._first()

    def mobile(self) -> str:
        """A number of a block that is not given to anybody."""
        return f"1990{int(self.rng.integers(0, 10**7)):07d}" if self.lang == "zh" else self._fictional()

    def landline(self) -> str:
        """The same for a firm."""
        return f"021-6{int(self.rng.integers(10**6, 10**7))}" if self.lang == "zh" else self._fictional()

    def _fictional(self) -> str:
        """555-0100 to 0199 are kept for fiction in every area of North America."""
        return f"+1 {self.rng.integers(201, 990)} 555 01{self.rng.integers(0, 100):02d}"

    def pick(self, words: list[str], skew: float = 0.8) -> str:
        """One of the words; the first ones are commoner."""
        return words[int(self.rng.choice(len(words), p=self._skewed(len(words), skew)))]

    def _first(self) -> str:
        return (
            "".join(self.rng.choice(self.given, 1 + (self.rng.random() < 0.75)))
            if self.lang == "zh"
            else self.pick(self.given)
        )

    def _name_again(self, name: str) -> str:
        if self.chance(0.1):  # the input method offered another character of the same sound
            at = int(self.rng.integers(0, len(name)))
            return name[:at] + self.pick(list(self.alike.get(name[at], name[at])), 0.5) + name[at + 1 :]
        if self.chance(0.05):
            return name[0] + self.pick(["先生", "女士", "总"], 0.0)
        return name[:1] + " " + name[1:] if self.chance(0.05) else name

    def _typo(self, text: str | None) -> str | None:
        if not text:
            return text
        at = int(self.rng.integers(0, len(text)))
        kinds: list[Callable[[], str]] = [
            lambda: text[:at] + text[at + 1 :],
            lambda: text[:at] + text[at] + text[at:],
            lambda: text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :],
            lambda: text[:at] + self._near(text[at]) + text[at + 1 :],
            lambda: self._misread(text),
        ]
        return kinds[int(self.rng.integers(0, len(kinds)))]() or text

    def _near(self, letter: str) -> str:
        if letter in self.alike and not letter.isascii():
            return self.pick(list(self.alike[letter]), 0.5)
        return str(self.rng.choice(list("0123456789" if letter.isdigit() else "abcdefghijklmnopqrstuvwxyz")))

    def _misread(self, text: str) -> str:
        for seen, read in (
            ("rn", "m"),
            ("o", "0"),
            ("l", "1"),
            ("ph", "f"),
            ("ck", "k"),
            ("ie", "ei"),
            ("s", "z"),
            ("己", "已"),
        ):
            if seen in text:
                return text.replace(seen, read, 1)
        return text

    def _other_day(self, day: str) -> str:
        year, month, date = day.split("-")
        if self.rng.random() < 0.35 and int(date) <= 12:
            return f"{year}-{date}-{month}"
        if self.rng.random() < 0.5:
            return str(np.datetime64(day) + int(self.rng.integers(-20, 20)))
        return f"{int(year) + int(self.rng.choice([-10, -1, 1, 10]))}-{month}-{min(int(date), 28):02d}"

    def _rewritten(self, address: str) -> str:
        if self.lang == "zh":
            return address.replace("市", "", 1) if self.rng.random() < 0.5 else address.split("市", 1)[-1]
        for long, short in (("Street", "St."), ("Road", "Rd"), ("Avenue", "Ave."), ("Drive", "Dr")):
            address = address.replace(long, short)
        return address if self.rng.random() < 0.6 else f"Suite {self.rng.integers(1, 40)}, {address}"

    def _syllables(self, count: int) -> list[str]:
        starts, middles, ends = (
            ["B", "Br", "C", "Ch", "D", "F", "G", "Gr", "H", "K", "L", "M", "N", "P", "R", "S", "St", "T", "V", "W"],
            ["a", "e", "i", "o", "u", "ai", "ea", "oo"],
            ["l", "n", "r", "s", "t", "lton", "mson", "rdley", "ne", "ster", "vik", "ndez", "rro", "ller"],
        )
        made: set[str] = set()
        while len(made) < count:
            word = "".join(str(self.rng.choice(part)) for part in (starts, middles, ends))
            more = self.rng.random()
            made.add(word + ("" if more < 0.3 else str(self.rng.choice(middles)) + str(self.rng.choice(ends))))
        return sorted(made)

    def _skewed(self, count: int, skew: float) -> np.ndarray:
        if (count, skew) not in self._weights:
            weights = 1 / np.arange(1, count + 1) ** skew
            self._weights[count, skew] = weights / weights.sum()
        return self._weights[count, skew]


ZH_SURNAMES = list(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
ZH_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文辉建国华玲红飞燕斌鹏宇浩轩子涵梓欣怡佳琪诗雨晨曦嘉雪婷思睿博俊凯天翔志远海波春梅秋菊冬青松柏云峰永康健乐安宁慧颖莹瑶琳珊倩薇蕾菲露璐瑞祥福禄寿喜庆丰收成功立业"
ZH_CITIES = [
    "上海",
    "北京",
    "广州",
    "深圳",
    "杭州",
    "成都",
    "武汉",
    "南京",
    "苏州",
    "西安",
    "重庆",
    "天津",
    "青岛",
    "长沙",
    "宁波",
    "厦门",
]
ZH_FIRM = "华瑞鑫盛恒泰达通宏远博雅诚信德润丰源嘉禾锦程天宇海纳百川金鼎新创智汇联众腾翔凯旋"
ZH_KINDS = [
    "科技",
    "贸易",
    "实业",
    "信息技术",
    "建筑工程",
    "装饰设计",
    "餐饮管理",
    "文化传媒",
    "物流",
    "医疗器械",
    "教育咨询",
    "电子商务",
    "机械制造",
]
ZH_STREET = "长永东西南北新和人民光文武德学"
EN_SURNAMES = [
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "Williams",
    "Wilson",
    "Johnson",
    "Davies",
    "Robinson",
    "Wright",
    "Thompson",
    "Evans",
    "Walker",
    "White",
    "Roberts",
    "Green",
    "Hall",
    "Wood",
    "Jackson",
    "Clarke",
    "Patel",
    "Khan",
    "Lewis",
    "James",
    "Phillips",
    "Murphy",
    "Kelly",
    "Garcia",
    "Martinez",
    "Nguyen",
    "Chen",
    "Singh",
]
EN_GIVEN = [
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "William",
    "Barbara",
    "Richard",
    "Susan",
    "Joseph",
    "Jessica",
    "Thomas",
    "Sarah",
    "Charles",
    "Karen",
    "Christopher",
    "Lisa",
    "Daniel",
    "Nancy",
    "Matthew",
    "Betty",
    "Anthony",
    "Margaret",
    "Mark",
    "Sandra",
    "Donald",
    "Ashley",
    "Steven",
    "Kimberly",
    "Andrew",
    "Emily",
    "Paul",
    "Donna",
    "Joshua",
    "Michelle",
    "Kenneth",
    "Carol",
    "Kevin",
    "Amanda",
    "Brian",
    "Melissa",
    "Edward",
    "Deborah",
    "Katherine",
    "Stephanie",
    "Benjamin",
    "Rebecca",
    "Samuel",
    "Laura",
    "Gregory",
    "Sharon",
]
NICKNAMES = {
    "James": "Jim",
    "Robert": "Bob",
    "John": "Johnny",
    "Michael": "Mike",
    "William": "Bill",
    "Richard": "Rick",
    "Joseph": "Joe",
    "Thomas": "Tom",
    "Christopher": "Chris",
    "Daniel": "Dan",
    "Matthew": "Matt",
    "Anthony": "Tony",
    "Andrew": "Andy",
    "Edward": "Ted",
    "Elizabeth": "Liz",
    "Katherine": "Kate",
    "Jennifer": "Jen",
    "Margaret": "Peggy",
    "Patricia": "Trish",
    "Susan": "Sue",
    "Deborah": "Debbie",
    "Rebecca": "Becky",
    "Samuel": "Sam",
    "Gregory": "Greg",
    "Benjamin": "Ben",
}
EN_CITIES = [
    "London",
    "Leeds",
    "Bristol",
    "York",
    "Cardiff",
    "Glasgow",
    "Derby",
    "Exeter",
    "Norwich",
    "Lincoln",
    "Oxford",
    "Durham",
    "Chester",
    "Dundee",
    "Swansea",
    "Bath",
]
HOSTS = ["example.com", "example.org", "example.net", "mail.example"]
EN_KINDS = [
    "Technologies",
    "Services",
    "International",
    "Manufacturing",
    "Logistics",
    "Consulting",
    "Foods",
    "Design",
    "Partners",
    "Energy",
    "Media",
    "Systems",
]
