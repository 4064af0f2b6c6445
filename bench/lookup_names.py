"""Names, and what people type for them: each line a customer and what finds them, parted by semicolons.

"A / B" is somebody whose full name is A and whose native name is B. Each question means one of them alone.
"""

from __future__ import annotations

from typing import Final

NICKNAMES: Final = {
    "Robert Okafor": "bob okafor",
    "Bob Tanner": "robert tanner",
    "William Tell": "bill tell",
    "Elizabeth Grant": "liz grant",
    "Liz Moss": "elizabeth moss",
    "Katherine Low": "kate low",
    "Margaret Hale": "peggy hale",
    "Johannes Braun": "hannes braun",
    "Alexander Kern": "sascha kern",
    "José Núñez": "pepe nunez",
    "Francisco Ruiz": "paco ruiz",
    "Mikhail Orlov": "misha orlov",
    "Ekaterina Volkova": "katya volkova",
    "Giuseppe Conti": "beppe conti",
    "Richard Penn": "dick penn",
    "Charles Dunn": "chuck dunn",
    "Edward Lane": "ted lane",
    "Theodore Marsh": "ted marsh",
    "Rebecca Stone": "becky stone",
    "Susan Wells": "sue wells",
    "Anthony Reed": "tony reed",
    "Josephine Hart": "josie hart",
    "Frederick Nash": "fred nash",
    "Patricia Cole": "trish cole",
    "Robert Hallam": "bob hallam; bobby hallam; rob hallam; bob hall; hallam bob",
    "Bob Quartermain": "robert quartermain",
    "Margaret Finch": "peggy finch; maggie finch; greta finch",
    "Meg Ashdown": "margaret ashdown",
    "Alexander Petrov": "sasha petrov; alex petrov",
    "Alexandra Hollis": "sasha hollis",
    "Elizabeth Thorne": (
        "liz thorne; beth thorne; betty thorne; eliza thorne; lizzie thorne; lisa thorne"
    ),
    "Betty Quill": "elizabeth quill",
    "William Stroud": "bill stroud; will stroud; billy stroud; liam stroud",
    "Richard Penhaligon": "dick penhaligon; rick penhaligon",
    "John Tremayne": "jack tremayne; johnny tremayne",
    "Henry Osgood": "hank osgood; harry osgood",
    "Edward Lisle": "ted lisle; ned lisle; eddie lisle",
    "Katherine Voss": "kate voss; kathy voss; kitty voss; katie voss",
    "Anthony Marsh": "tony marsh",
    "Charles Underhill": "chuck underhill; charlie underhill",
    "Mary Winterbourne": "molly winterbourne; polly winterbourne",
    "Sandra Oakes": "sandy oakes",
    "Antonia Bellini": "toni bellini",
    "Dmitri Volkov": "dima volkov",
    "Ekaterina Smirnova": "katya smirnova",
    "José Maldonado": "pepe maldonado",
    "Francisco Ibarra": "paco ibarra; pancho ibarra",
    "Guadalupe Reyes": "lupe reyes",
    "Ignacio Zubiri": "nacho zubiri",
    "Stefanie Krämer": "steffi kramer",
    "Johannes Vogel": "hans vogel",
    "James Callender": "jim callender; jamie callender",
    "Andrew Pickering": "andy pickering; drew pickering",
    "Drew Lockwood": "andrew lockwood",
    "Augustus Fane": "gus fane",
    "Nicholas Ferreby": "nick ferreby",
    "Harold Wincott": "harry wincott; hal wincott",
    "Susan Ottery": "sue ottery; susie ottery",
    "Rebecca Thistle": "becky thistle; becca thistle",
    "Jennifer Mould": "jenny mould; jen mould",
    "Abigail Crust": "abby crust; gail crust",
    "Stephen Quaife": "steve quaife; steven quaife",
    "Steven Iremonger": "steve iremonger",
    "Michael Dunstable": "mike dunstable; mick dunstable; mickey dunst",
    "Christopher Yarrow": "chris yarrow; kit yarrow; topher yarrow",
    "Christina Vane": "tina vane; chris vane",
}  # fmt: skip
MARKS: Final = {
    "Łukasz Żółkiewski": "lukasz; łukasz; zolkiewski",
    "Søren Kjærgaard": "soren; søren; soeren; kjaergaard; kjærgaard",
    "Jürgen Müller": (
        "jurgen muller; jürgen müller; juergen mueller; mueller j; MÜLLER; Muller, Jurgen; "
        "Müller jurgen"
    ),
    "Þór Guðmundsson": "thor gudmundsson; þór; thor; guðmundsson",
    "Heidi Strauß": "strauss; strauß; straus; STRAUSS",
    "Đorđe Đoković": "dorde; djordje; djokovic; đoković; dokovic",
    "İlker Işık": "ilker isik; İLKER; ILKER ISIK; ışık; işik",
    "Nguyễn Thị Hương": "nguyen thi huong; nguyễn; huong nguyen",
    "Đức Trần": "duc tran; đức",
    "Åsa Lindström": "asa lindstrom; aasa; lindstroem",
    "François L'Hôpital": "francois lhopital; l'hopital; l hopital; hopital",
    "Solène Le Cœur": "le coeur; lecoeur; cœur",
    "Jiří Dvořák": "jiri dvorak; dvorak",
    "Pablo Núñez": "nunez; núñez; nunẽz",
    "Çağla Özgür": "cagla ozgur; ozgur; oezguer",
    "Keoni Kahāʻulelio": "kahaulelio",
    "Дмитрий Шостакович": (
        "shostakovich; dmitri shost; dmitry shostakovich; шостакович; ШОСТАКОВИЧ; дмитрий шост"
    ),
    "Γιώργος Παπαδόπουλος": "папад; παπαδόπουλος; ΠΑΠΑΔΟΠΟΥΛΟΣ; παπαδοπουλος; papadopoulos",
    "Karl Goethe": "göthe",
    "Håkon Ærø": "hakon aero; haakon",
    "Ştefan Țurcanu": "stefan turcanu; ştefan; ștefan",
    "Uwe Schaefer": "schäfer uwe; schafer uwe",
    "Jens Schäfer": "schaefer jens; schafer jens",
    "محمد العلي": "محمد; العلي; علي",
    "דוד כהן": "כהן",
    "राज कपूर": "राज",
    "สมชาย ใจดี": "สมชาย",
}  # fmt: skip
HABITS: Final = {
    "Liam O'Brien": "obrien",
    "Nuala O'Brien": "nuala o brien",
    "Siobhan O’Dowd": "o'dowd",
    "Ann-Marie Duval": "annmarie duv",
    "Jean-Luc Pivot": "jean luc piv",
    "Flora MacDonald": "mac donald",
    "Jan van der Berg": "vanderberg",
    "Jürgen Müller": "juergen mueller",
    "Anke Möller": "anke moller",
    "Søren Ågård": "soren aagaard",
    "Łukasz Żak": "lukasz zak",
    "Zoë Krüger": "zoe krueger",
    "François Lefèvre": "francois lef",
    "Yoko Ōno": "yoko ono",
    "Nguyễn Văn An": "nguyen van",
    "D'Angelo Russo": "angelo russo",
    "Smith-Jones Pat": "smithjones",
    "İbrahim Çelik": "ibrahim celik",
    "Björk Guðmundsdóttir": "bjork gudmunds",
    "Αλέξης Ζορμπάς": "alexis zorb",
    "Sarah O'Brien": (
        "o'brien; obrien; o brien; o’brien; O`Brien; oʼbrien; o´brien; O'BRIEN; brien; sarah obr; "
        "s obrien; o-brien; obrien sarah"
    ),
    "Niamh O’Neill": "o'neill; oneill; o neill niamh",
    "Liam OConnor": "o'connor; o connor; oconnor; liam o'con",
    "Fitzwilliam d'Arcy": "darcy; d'arcy; d arcy; d’arcy; fitzwilliam darcy",
    "Jean-Luc Moreau": (
        "jean-luc; jeanluc; jean luc; jean luc moreau; jeanluc moreau; luc moreau; j-l moreau; "
        "jl moreau; j l moreau; j.l. moreau; jean‑luc; jean–luc"
    ),
    "Jean Paul Rochefort": "jean-paul rochefort; jeanpaul rochefort; jeanpaul; jp rochefort",
    "Mary-Ann Whistler": "mary-ann; maryann; mary ann; mary ann whist; maryannwhistler",
    "Annemarie Schultz": "anne-marie schultz; anne marie schultz; annemarie; anne marie",
    "Kitty Smith-Jones": (
        "smith jones; smithjones; smith-jones; jones kitty; smith kitty; smith‐jones; jones-smith"
    ),
    "Fiona MacDonald": "macdonald; mac donald; mcdonald; mc donald; fiona mcd; donald fiona",
    "Ewan McGregor": "mcgregor; macgregor; mc gregor; mac gregor; ewan macg",
    "Isla McLeod": "macleod; mc leod isla; mcleod; m'leod",
    "Pieter van den Berg": (
        "van den berg; vandenberg; berg pieter; van denberg; vanden berg; pieter vandenb; "
        "berg, pieter van den; p vd berg; v.d. berg"
    ),
    "Joris Van der Meer": "van der meer; vandermeer; van dermeer; meer joris; vanderm",
    "Gloria Vanderbilt": "van der bilt; van derbilt; vanderbilt",
    "Inés de la Cruz": "de la cruz; delacruz; dela cruz; de lacruz; cruz ines; ines delac",
    "Carmen Delarosa": "de la rosa; dela rosa carmen; carmen de la r",
    "Faisal Al-Saud": "al-saud; alsaud; al saud; saud faisal; faisal alsa; el-saud",
    "Omar El Sayed": "elsayed; el sayed; el-sayed omar; sayed omar; al sayed",
    "Noor Alhashimi": "al-hashimi; al hashimi; hashimi noor",
    "Khalid bin Rashid": "khalid rashid; binrashid",
    "Marco D'Angelo": "d'angelo; dangelo; d angelo marco",
    "Enzo Di Caprio": "di caprio; dicaprio; enzo dicap",
    "Olivia St. John": "st john; st. john; stjohn; saint john",
    "Bonnie St Clair": "saint clair; st. clair; sinclair bonnie",
    "Roy FitzGerald": "fitz gerald; fitzgerald; fitz-gerald roy",
    "Ngũgĩ wa Thiong'o": "thiongo; thiong'o; ngugi wa",
    "Martin Luther Kingsley Jr.": "kingsley jr; martin kingsley",
    "Dr. Helena Brandt": "dr brandt; dr. helena brandt; helena",
    "Ursula Le Guin": "le guin; leguin; u leguin",
    "Remy LeBlanc": "le blanc; leblanc; remy le b",
    "Robert Hallam": (
        "Hallam, Robert; HALLAM  ROBERT; robert   hallam; robert.hallam; robert_hallam; robert/hallam; "
        "robert+hallam; r. hallam; r hallam; hallam r; r.hallam; rhallam; hallamr; roberthallam; "
        "hallamrobert; rob hal; hal rob; mr hallam; ｒｏｂｅｒｔ　ｈａｌｌａｍ"
    ),
    "Mary Winterbourne": "mrs winterbourne",
    "Katherine Voss": "ms voss",
}  # fmt: skip
PINYIN: Final = {
    "张伟": (
        "张伟; zhang wei; zhangwei; wei zhang; weizhang; zw; zhangw; zhang w; z wei; zwei; 伟; 张; "
        "Zhang Wei; zhāng wěi; zhang we; 张 伟; 伟张; zhang, wei; chang wei; z.w."
    ),
    "张伟明": (
        "zwm; zhang weiming; zhangweiming; zhang wei ming; weiming zhang; weiming; wei-ming zhang; "
        "wm zhang; zhang wm; zhangwm; w m zhang; ming zhang; weim; 伟明; 张明; 明; zhang ming; "
        "weim zhang; zhangweim"
    ),
    "欧阳娜娜": (
        "欧阳; ouyang; ou yang; ouyang nana; ouyangnana; nana ouyang; ouyang nn; oynn; oy; onn; 娜娜; "
        "欧阳娜; nana; ouyn; ouy"
    ),
    "区志成": "ou; ou zhicheng; ozc; ouzhicheng",
    "司马光": "司马; sima guang; smg; simaguang; guang sima; si ma guang",
    "上官婉儿": "shangguan; shangguan waner; wan'er; waner; sgwe; shang guan wan er; waner shangguan",
    "诸葛亮": "zhuge liang; zgl; zhugeliang; zhu ge liang; liang zhuge; 诸葛; 亮",
    "曾国藩": "zeng; zeng guofan; zenggf; zgf; guofan zeng",
    "单雄信": "shan xiongxin; sxx; shanxiongxin",
    "仇英": "qiu ying; qiuying; qy",
    "解晓东": "xie xiaodong; xxd",
    "乐毅": "yue yi; le yi; yueyi; leyi",
    "盖叫天": "ge jiaotian; gai jiaotian; gejiaotian; gjt",
    "查良镛": "zha liangyong; zly; zhaliangyong",
    "尉迟恭": "yuchi gong; yuchigong; ycg",
    "万俟卨": "moqi xie; mqx; moqixie",
    "翟天临": "zhai tianlin; di tianlin; ztl",
    "任正非": "ren zhengfei; rzf",
    "华罗庚": "hua luogeng; hlg; hualuogeng",
    "纪晓岚": "ji xiaolan; jxl",
    "缪昌明": "miao changming; mcm; mou changming",
    "燕青": "yan qing; yanqing",
    "逄先知": "pang xianzhi; pangxz; pxz",
    "覃海洋": "qin haiyang; tan haiyang; qhy; thy",
    "吕布": "lv bu; lu bu; lyu bu; lü bu; lvbu; lubu; lyubu; lübu; lǚ bù; lue bu; lb",
    "女娲": "nvwa; nüwa; nuwa; nyuwa; nü wa; nv wa",
    "沈从文": "shen congwen; scw; chen congwen",
    "洗星海": "xian xinghai",
    "冼夫人": "xian furen",
    "皇甫嵩": "huangfu song; hfs",
    "东方朔": "dongfang shuo; dongfangshuo; dfs",
    "令狐冲": "linghu chong; lhc",
    "慕容复": "murong fu; mrf",
    "长孙无忌": "zhangsun wuji; zswj; zhangsunwuji",
    "宁浩": "ning hao; ninghao",
    "费玉清": "fei yuqing; bi yuqing",
    "员半千": "yun banqian",
    "折德扆": "she deyi",
    "晁盖": "chao gai",
    "叶问": "ye wen; yip wen",
    "佘太君": "she taijun",
    "陳志華": "陈志华; 陳志華; chen zhihua",
    "劉德華": "刘德华; liu dehua; ldh",
    "陈奕迅": "陳奕迅; chen yixun",
    "Lyu Wei": "lü wei; lv wei; lu wei",
    "Xie Lin / 谢霖": "xie lin; 谢霖",
    "Chan Tai Man / 陳大文": "chan tai man; chen dawen; 陈大文; chan dawen",
    "迪丽热巴": "dilireba; dlrb; di li re ba",
    "那英": "na ying; naying; ny",
    "秘明": "bi ming; mi ming",
    "鲜于枢": "xianyu shu",
    "澹台灭明": "tantai mieming",
    "张长弓": "zhang changgong; zhang zhanggong",
    "卞之琳": "bian zhilin",
    "祝枝山": "zhu zhishan",
    "召忽": "shao hu",
    "訾琳": "zi lin",
    "种师道": "chong shidao; csd",
    "张晓丽": "zhang xiaoli; zhxl; zhang xiao li; 张小丽",
    "李明露": "li minglu",
}  # fmt: skip
JAPANESE_AND_KOREAN: Final = {
    "Yamada Taro / 山田太郎": (
        "yamada; taro yamada; yamada taro; yamadataro; 山田; 太郎; 山田 太郎; 山田　太郎; t yamada; "
        "yamada tarou"
    ),
    "Satō Yūko / 佐藤優子": "satou; sato yuko; satoh; satō; yuuko sato; 佐藤; 優子",
    "Ōno Ken / 大野健": "ono ken; ohno ken; oono",
    "Kim Min-jun / 김민준": "kim minjun; min-jun kim; min jun; minjun kim; 김민준; 민준; 김",
    "Park Ji-young / 朴智英": "park jiyoung; ji young park; jiyoung park; 朴智英",
    "Sakura Mori / さくら": "sakura; さくら; サクラ",
    "Maria Lopez-Itoh / マリア・ロペス": "マリア; ロペス; ﾏﾘｱ; maria lopez",
    "이순신": "이순신; 순신; i sunsin",
    "Shin'ichi Kubo / 久保真一": "shinichi; shin'ichi; 久保; kubo s",
}  # fmt: skip
TYPOS: Final = {
    "Robert Hallam": (
        "roebrt hallam; robret hallam; robert halam; robert hallan; tobert hallam; rovert; robetr; "
        "hallma; hallamm; jallam"
    ),
    "Richard Penhaligon": (
        "penhalgion; penhaliogn; penaligon; penhalligan; penhalign; benhaligon; penhalihun"
    ),
    "Mary Winterbourne": "winterborne; wintrebourne; winterburn; wintrbourn; interbourne; vinterbourne",
    "Margaret Finch": "margret finch; margeret finch; magaret f; finhc; finck; ginch; fnch",
    "James Callender": "calender; callendre; kallender; callnd; calend",
    "Andrew Pickering": "pickerng; pikcer; picekr",
    "Charles Underhill": "underhlil; udnerhill; unerhil; ubderhill",
    "Steven Iremonger": "iremogner; iermonger",
    "Zoë Fairweather": "fairwether; fariweather",
    "Ekaterina Smirnova": "smirnvoa; smrinova; emirnova",
    "José Maldonado": "maldanado; maldondo",
    "Nicholas Ferreby": "ferrrby",
    "Rebecca Thistle": "thistel; tihstle",
    "Elizabeth Thorne": "elizabteh thorne; elisabeth thorne; elizabeth torne; thonre",
    "Alexander Petrov": "alexnader; aleksander petrov; alxeander petrov",
    "曾国藩": "guofan zegn",
    "张伟": "zhnag wei; zhagn wei",
    "欧阳娜娜": "ouynag",
    "上官婉儿": "shagnguan",
    "Guadalupe Reyes": "gaurdalupe; guadaloupe",
    "Åsa Lindström": "lindstorm",
    "Jiří Dvořák": "dvroak",
    "Sarah O'Brien": "obrein; o'breen",
    "Ewan McGregor": "mcgergor",
    "Gloria Vanderbilt": "vandebilt",
    "Jean-Luc Moreau": "moraeu",
}  # fmt: skip
