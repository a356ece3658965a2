"""Words that a rule about names needs: titles, relations, ordinary words that are names."""

from __future__ import annotations

import re

TITLES = frozenset("mr mrs ms miss mx dr prof professor rev reverend cllr sir dame judge".split())
RANKS = frozenset(
    "pc wpc ps sgt sergeant dc ds di dci insp inspector supt ch pcso sc cso const constable "
    "garda nurse imam pastor canon".split()
)

SIGNING = TITLES | RANKS | frozenset("by signed from sincerely faithfully truly regards".split())
"""Words after which *J. Brown* is a name, and no end of a sentence."""

KIN = frozenset(
    "partner parent stepparent child grandchild sibling aunt cousin grandparent adult youngster "
    "victim suspect informant client".split()
)
"""Classes of ``classifier.words`` after which a capital that could be a name is one."""

ROLES = frozenset(
    "friend mate neighbour neighbor colleague ex manager housemate flatmate landlord landlady "
    "tenant pupil student tutor twin fiancé lodger boss carer witness driver named called".split()
)

ORDINARY_GIVEN = frozenset(
    "Will Rich Art Bill Mark Rose Grace Hope Joy Faith Dean Grant Dawn Summer Autumn April May "
    "June August Chance Chase Blessing Precious Destiny Trinity Mercy Comfort Favour Christian "
    "Jordan Georgia Paris Israel Ireland India Asia Brooklyn Sydney Austin Charity Constance "
    "Honour Ebony Ginger Saffron Coral Junior Star Sky River Storm Honey Reggie Happy Lucky "
    "Prince King Duke Rex Max Major Blue Skye Bliss Pearl Ruby Amber Crystal Jewel Gay Merry "
    "Carol Holly Ivy Robin Jay Martin Drew Sue Pat Bob Rob Nick Jack Josh Frank Ernest Victor "
    "Guy Miles Rusty".split()
)
"""Given names that are words too: taken after a title, a relation or *called*."""

CAPITAL_IS_ENOUGH = frozenset("Will Rich Art Reggie".split())
"""Those of them that have no other use with a capital inside a sentence."""

MONTHS = frozenset("April May June August Summer Autumn".split())

ORDINARY_SURNAMES = frozenset(
    "Brown Green White Black Gray Grey Young King Wood Woods Hill Hills Hall Long Short Day "
    "Price Cook Cooke Baker Bell Bird Bishop Carpenter Carter Gardener Gardner Field Fields Fox "
    "Wolf Lamb Bull Swift Stone Rivers Brook Marsh Moor Moore Lake West East North South Noble "
    "Wise Sharp Savage Strong Wild Love Heart Nightingale Finch Crane Drake Swan Bush Flowers "
    "Berry Plant Sheppard Shepherd Farmer Potter Porter Page Butler Barber Chambers Church "
    "Parish Abbott Pope Priest Monk Knight Squire Earl Duke Prince Lord Law Laws Rush Reader "
    "Read Best Good Goodman Little Small Bigg Rich Poor Power Powers Pool Poole Banks Bridges "
    "Ball Bond Booth Bowl Box Brand Bright Buck Burn Cash Case Castle Cross Cope Dear Dove Dyer "
    "Every Fisher Flint Frost Gale Gates Glass Gold Golding Goldsmith Gore Hand Hands Hardy "
    "Head Holiday Holt Horn House Hunt Ironside Joiner Judge Kitchen Lane Last Leach Leaf Low "
    "Major Mann Marks May Mead Mercer Miles Mills Moon Mould Nail Needle New Oak Oakes Park "
    "Parks Parker Paris Peacock Pepper Pike Plum Pollard Pound Pratt Quick Rains Ray Reeve Rice "
    "Rider Ring Roach Rook Rose Sadler Salmon Sands Seal Self Sellers Ship Silver Singer "
    "Skinner Slater Snow Spark Sparks Spencer Spring Starr Steel Street Summers Tanner Taylor "
    "Temple Thorn Thrower Tiller Trout Tower Towers Town Trader Turner Tyler Vale Vine Wade "
    "Waite Walker Wall Ward Waters Weaver Webb Weller Wells Wheeler Winter Winters Woodward "
    "Woolf Worth Wright Yard York".split()
)
"""British family names that are words too: taken after a given name, a title or an initial.
Written for this project."""

ABBREVIATIONS = frozenset(
    "adv geri nino johnny recep sched dtrs asx dep desc descr misp chol intox imei neighb ext "
    "locs occs vehs guv hospl asap addy okey arent noone daren ladys womens seperate nontheless "
    "hallowe facetimes whatsapped keyworkers fibro alexa siri macbook qashqai mondeo octavia "
    "vectra zafira berlingo yaris skoda kia rayburn monzo revolut paypal onlyfans depop nandos "
    "tescos sainsburys waitrose superdrug screwfix wickes butlins ticketmaster clubcard mcds "
    "childline allah islam koran zapain somali garda dols rom esa cid lado raf ngo vpa rta rui "
    "dnr ivi alp london york lincoln chester preston carlisle kent devon essex sussex dorset "
    "somerset liverpool coventry nottingham brittany".split()
)
"""In the list of names or in no dictionary, yet no person: abbreviations, brands, faiths, towns and
counties. Written for this project from the notes that it was tried on."""

ACRONYMS = frozenset(
    "abe aki ast bil biba cao cara cjs dal dara desmond edd eha ehm elsa eve fil fim flo gmp "
    "gro hoy iopc isa ivo las miu muga nyp pac papp roti sara sens sil smh tia tvp ukba wmp aps "
    "ani".split()
)
"""Names unless written in capitals: *Sara*, but SARA the risk assessment."""

NICKNAMES = frozenset(
    "Kev Gaz Shaz Baz Caz Maz Jaz Raz Tel Stu Mags Jo Jon Si Ste Abs Robbo Smithy Mo Shell Lil "
    "Babs Deano Jonno Macca Jezza Daz Gazza Shazza Kez Bazza Lindz Soph Nath Wayney Trace".split()
)
"""British short forms that a dictionary takes for something else, or no list holds."""

FIXED = re.compile(
    r"\b(?=[A-Z])(?i:Clare['’]?s['’]? (?:Law|Rule|right|app)|"
    r"Sarah['’]?s['’]? Law|Martha['’]?s Rule|"
    r"(?<=ask for )A(?:ngela|ni)|Ask(?:ing|ed)? for A(?:ngela|ni)|(?<=asked for )Ani|"
    r"Herbert (?:Protocol|form)|Scott schedule|Stanley (?:knife|blade)|Moses basket|"
    r"Victoria (?:sponge|Line)|Avon (?:lady|and)|(?:Sally|Salvation) Army|Mr Whippy|Jeremy Kyle|"
    r"Charles Bonnet|Braxton Hicks|(?:Alzheimer|Parkinson|Asperger|Crohn|Tourette|Hodgkin|"
    r"Huntington|Addison|Cushing|Down|Barnardo|Samaritan|Sainsbury|McDonald|Nando|Dunelm|"
    r"Wetherspoon|Kellogg|Halford)['’]?s?\b|Lloyds|Barclays|Santander|Virgin (?:Media|Active)|"
    r"(?:Christmas|New Year['’]?s?) Eve|Eve of|(?:Ash Wednes|Good Fri|Boxing )day|Tom,? Dick|"
    r"(?<=from )Adam|Max(?:imum)?\.? \d|Miles (?:away|per)|"
    r"St[.]? (?:John|Andrew|David|Patrick|George)['’]?s? (?:Ambulance|Day|Cross))"
)
"""Names that name no person of the note: laws, schemes, illnesses, days, shops."""

MEDICINES = re.compile(
    r"\w{2,}(?:azepam|azolam|olol|pril|sartan|statin|prazole|conazole|cillin|mycin|oxacin|tidine|"
    r"oxetine|aline|triptyline|azine|apine|idone|peridol|zodone|profen|codone|morphine|codeine|"
    r"gabalin|bapentin|setron|triptan|gliptin|gliflozin|formin|parin|xaban|olone|asone|terol|"
    r"tropium|dipine|thiazide|mide|opiclone|olpidem|cetamol|stigmine|mab|nib|vir|phylline)"
)
"""Stems of generic names, WHO "The use of stems in the selection of INN"."""

WORDLIKE = frozenset("Tel Shell Si Abs Trace Lil Smithy Mo".split())
"""Short forms that are words too at the start of a sentence."""

SPEAKING = frozenset(
    "states stated says said reports reported denies denied alleges alleged discloses disclosed "
    "claims claimed admits admitted".split()
)
"""In lines of capitals an ordinary word before these is a name if it can be one: *MARK STATES*."""

PARTICLES = frozenset(
    "de da del della di dos van der den von bin bint ibn al el ul ur la le mac mc ap ter".split()
)
VERBS = frozenset(
    "is was has had says said states stated told tells came went rang rings took reports "
    "reported wants wanted does did got would lives works keeps kept left denies denied called "
    "calls asked asks thinks thought knows knew gets goes hit pushed punched grabbed takes "
    "makes made gave gives sent sends threatened refuses refused isn't wasn't doesn't didn't "
    "hasn't hadn't wouldn't and also never always from then who whose again spoke seen arrested "
    "attended confirmed disclosed".split()
)
NOT_AFTER_RANK = frozenset(
    "attended attending attend to on at and or will has was is are advised spoke called not in "
    "from with for states stated reports requested update updated arrived en out no if he she "
    "they of call note notes bwv body log car van unit team office please only a an the by as "
    "re ok also did does would could should took gave saw asked told said says still now "
    "then".split()
)
NOT_NAMED = frozenset(
    "and or is as the a an of in on no not dob given checked unknown withheld by to for from "
    "this that his her their my our your it he she they me him them mr mrs ms miss dr police "
    "ambulance male female mum dad".split()
)
NAMING = frozenset(
    "named aka née nee surname name names is are was as of given being by called calls himself "
    "herself themselves nickname".split()
)
"""Last words of what introduces a name; a quick look before a slow one."""

NOT_MR = frozenset("may last every read new short left long low law good best".split())
LEADING = frozenset(
    "Big Little Old Young Wee Fat Skinny Mad Crazy Da Di Dos La Le Del De Van Von Bin Al El Mc "
    "Mac".split()
)
