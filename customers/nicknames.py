"""Which names are short for which. Pure.

English ones come from the `nicknames` package (Apache-2.0, by Carlton Northern and Nick Crews, curated by
hand from genealogical sources); those of other languages stand here and were written for this project.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from nicknames import NickNamer

# Full name: short forms, in plain lower-case ASCII, several languages.
SHORT_FORMS: Final = """
alejandro: ale alex jano; alessandro: ale sandro; alexander: sascha sasha alex sander xander; aleksandr: sasha sanya shura
aleksandra: sasha ola; alexandra: sascha sasha lexi; alfonso: poncho; aleksey: alyosha lyosha; anastasia: nastya stasia
andreas: andi andy; andrey: andryusha; anna: anni annie anya anka; anneliese: anne liese lieschen; antonio: toni tonio tono
antoine: tony toinou; bartholomaeus: bartel; beatrix: trixi bea; bernhard: bernd berni; birgit: gitta biggi; boris: borya
brigitte: gitte gitti; bruno: brunolino; carolina: caro lina; caterina: cate rina; catherine: cathy cath kate katie
charlotte: lotte lotti charlie; christian: chris christel; christina: chris tina kirsten; christoph: chris stoffel
concepcion: concha conchita; cornelia: conny nele; daniel: dani danny dan; dmitri: dima mitya; dolores: lola loli
dominik: domi nik; dorothea: dorle thea doro; eduardo: edu lalo; ekaterina: katya katia; elena: lena lenka lenochka
eleonora: nora ella; elisabeth: lisa liesl lisbeth elli sissi betti; emmanuel: manu; enrique: quique kike; ernst: erni
ernesto: neto; eugen: genia; evgeny: zhenya; fatima: fati; federico: fede chicco; felipe: pipe; ferdinand: ferdi nando
fernando: nando fer; francesca: franca checca; francesco: checco cesco franco; francisca: paca paqui; francisco: paco pancho curro
frank: frankie; franziska: franzi ziska sissi; friedrich: fritz fred fiete; gabriele: gabi lele; gabriel: gabi gabe
gennady: gena; georg: schorsch jorg; gerhard: gerd hardy; gertrud: trude gerti traudel; giovanni: gianni nino vanni
giovanna: gianna vanna; giuseppe: beppe pino peppe peppino; giuseppina: pina giusy; gonzalo: gonza chalo; gregor: grischa
grigory: grisha; guadalupe: lupe lupita; guillaume: guigui; guillermo: memo guille; gustavo: gus tavo; hannelore: hanne lore
heinrich: heinz heiner hein; helene: lene leni; helmut: helmi; henriette: jette henni; hermann: manni; ignacio: nacho
ignatius: ignaz; igor: gosha; irina: ira irisha; isabel: isa chabela; ivan: vanya; jacqueline: jackie; jakob: kobi jockel
jacobus: koos jaap; jesus: chucho chuy; joachim: jochen achim jo; johanna: hanna hanni jo; johannes: hannes hans jo johann joh
jorge: coque jorgito; jose: pepe chepe; josef: sepp jupp beppo; josefa: pepa; josefina: fina pepa; juan: juanito juancho
juergen: jorg; juliane: jule juli; karl: kalle; karoline: karo lina; katarzyna: kasia; katharina: kathi kati katja trine rina
klaus: klausi; konrad: konni kurt; konstantin: kostya konsti; kunigunde: gundi; lars: lasse; larisa: lara; leonardo: leo nardo
leonid: lyonya; leopold: poldi; lorenzo: renzo enzo; lucia: lucy luci; luigi: gigi gino; luis: lucho; lyudmila: lyuda mila
magdalena: lena magda leni; malgorzata: gosia; manuel: manolo manu; manuela: manu ela; marco: marchino
margarethe: grete gretel gretchen greta marga; margarita: rita marga margo; maria: mia mitzi marie mari masha maruja; mariana: mari nana
mario: marietto; marianne: nanne janne; martina: tina; mathilde: tilda tilly; matthaeus: hias; matthias: matze matz hias
matteo: teo; maximilian: max maxi; mercedes: merche meche; michael: michi mischa michel micha; mikhail: misha; michele: lele
miguel: migue; mohammed: mo momo; muhammad: mo; mohammad: mo; monika: moni; nadezhda: nadya; natalia: nata natasha tasha
nataliya: natasha nata; nicolas: nico nicky; nikita: nik; nikolai: kolya; nikolaus: klaus niko nick; olga: olya; oksana: ksusha
pascal: pasc; patricia: pati patty; patrizia: patty; pavel: pasha; pedro: perico; peter: petzi piet; petra: petri; philippe: phil
pilar: pili; polina: polya; rafael: rafa; raimund: mundi; rainer: raini; reinhard: hardy; renate: reni nate; ricardo: richi cardo
roberto: beto berto rob; rodrigo: rodri; roland: roli; roman: roma; rosario: charo; rosemarie: romy rosi; rudolf: rudi dolf
ruslan: rus; salvatore: toto turi salvo; santiago: santi yago; sebastian: basti seb sebi wastl; sergei: seryozha serge; sergey: seryozha serge
sergio: checho; siegfried: siggi; sigrid: siri; stanislav: stas slava; stanislaw: staszek stas; stefan: steff; stephanie: steffi
stefanie: steffi; sofia: sofi; sophie: fifi; susanne: susi sanne; svetlana: sveta lana; sylvia: silvi; tatiana: tanya tania
tatyana: tanya; teresa: tere resi; theodor: theo; theresia: resi resl; thomas: tom tommi thom; timofey: tima; tobias: tobi
torsten: totte; ulrich: uli ulli; ulrike: uli ulla rike; ursula: uschi ulla ursel; valentin: valya veli; valentina: valya tina
vasily: vasya; veronika: vroni vera nika; vicente: chente; viktor: vitya vika; viktoria: vicky vika; vincenzo: enzo vince
vladimir: volodya vova; vladislav: vlad slava; vyacheslav: slava; waltraud: traudl; werner: wern; wilhelm: willi willy helm
wilhelmine: minna mina helma; wolfgang: wolf wolfi; xavier: xavi; yekaterina: katya; yevgeny: zhenya; yuri: yura; zacharias: zach
"""


@lru_cache(maxsize=1)
def _other_languages() -> dict[str, frozenset[str]]:
    """SHORT_FORMS read both ways."""
    pairs: dict[str, set[str]] = {}
    for entry in SHORT_FORMS.replace("\n", ";").split(";"):
        full, _, shorts = entry.strip().partition(":")
        for short in shorts.split():
            pairs.setdefault(full, set()).add(short)
            pairs.setdefault(short, set()).add(full)
    return {name: frozenset(others) for name, others in pairs.items()}


@lru_cache(maxsize=1)
def _english() -> NickNamer:
    return NickNamer()


@lru_cache(maxsize=100_000)
def nicknames_of(word: str) -> frozenset[str]:
    """The other names of somebody called `word` (folded): bob gives robert, and robert gives bob, rob, …"""
    english = _english()
    found = (
        english.nicknames_of(word) | english.canonicals_of(word) | _other_languages().get(word, frozenset())
    )
    return frozenset(name for name in found if name.isalpha() and name.isascii() and len(name) > 1) - {word}
