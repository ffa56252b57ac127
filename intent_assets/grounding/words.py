"""The words that the gate knows: numbers, times, and what is ordinary at the start of a sentence."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNITS = "zero one two three four five six seven eight nine ten eleven twelve"
TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
TENS = "twenty thirty forty fourty fifty sixty seventy eighty ninety"
SCALES = (
    "hundred hundreds thousand thousands million millions billion billions trillion trillions dozen dozens "
    "mn bn mio lakh crore"
)
ORDINALS = (
    "fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth "
    "hundredth thousandth millionth"
)
FRACTIONS = "half halves thirds fourths quarters fifths sixths sevenths eighths ninths tenths"
MULTIPLES = (
    "double doubled doubles doubling triple tripled triples tripling treble quadruple quadrupled twice thrice "
    "twin twins pairs twofold threefold fourfold fivefold sixfold tenfold hundredfold couple pair trio duo quartet"
    " twosome threesome "
    "twenties thirties forties fifties sixties seventies eighties nineties nought naught umpteen"
)
NUMBERS = _set(" ".join((UNITS, TEENS, TENS, SCALES, ORDINALS, FRACTIONS, MULTIPLES, "first second third")))
SCALE_WORDS = _set(SCALES)

MONTHS = _set("january february march april may june july august september october november december")
MONTHS_SHORT = _set("Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec")
WEEKDAYS = _set("monday tuesday wednesday thursday friday saturday sunday")
PERIODS = (
    r"(?:(?:fiscal|school|academic|calendar|budget|financial|business|working|election)[ -])?"
    r"(?:day|week|weekend|fortnight|month|quarter|semester|trimester|term|year|decade|century|summer|fall|autumn|winter"
    r"|spring|morning|afternoon|evening|night|hour|minute)s?"
)

COUNTED = (
    r"(?:rfps?|rfis?|rfqs?|bids?|tenders?|solicitations?|contracts?|purchases?|orders?|meetings?"
    r"|plans?|signals?|records?"
    r"|buyers?|districts?|schools?|universit(?:y|ies)|colleges?|agenc(?:y|ies)|vendors?|suppliers?|contacts?|people"
    r"|persons?|students?|employees?|residents?|searches|documents?|renewals?|opportunit(?:y|ies)|projects?|systems?)"
)
"""Nouns of things that a report counts."""

ACRONYMS = _set(
    """
    RFP RFPs RFI RFIs RFQ RFQs SLED LMS SIS AI IT ITS CRM ERP FOIA ADA WCAG FERPA HIPAA COPPA CIPA API APIs SaaS
    PDF US USA U.S U.S.A I OK ROI KPI KPIs GIS HR PD STEM STEAM SSO VP CEO CTO CIO CFO COO CISO PO POs Q&A FAQ
    FTE FTEs GPA PTA PTO ELL ESL ESSER E-Rate IEP IEPs CTE SEL MTSS URL EV VR AR PR ID IDs Wi-Fi TV OCR SMS VoIP
    VPN LAN WAN I'm I'd I'll I've UI UX ML LLM NLP ISD DOT EMS DMV
    """
)
"""Terms of the field that name nobody."""

PROPER = _set(
    """
    mr mrs ms dr prof
    american english spanish french federal internet web title-i starbridge board district council university
    college school schools county city state department agency library town village committee district's board's
    """
)
"""Words that are capitalised and still name no certain person or body."""

GIVEN_NAMES = _set(
    """
    james robert john michael david william richard joseph thomas christopher charles daniel matthew anthony
    mark donald steven steve andrew paul joshua kenneth kevin brian george timothy ronald jason edward jeffrey
    ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander
    patrick jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle mary patricia
    jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly
    emily donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia dorothy amy
    kathleen angela shirley emma brenda pamela nicole anna samantha katherine christine debra rachel carolyn
    janet maria olivia heather helen catherine diane julie victoria joyce lauren kelly christina ruth joan
    virginia judith evelyn hannah andrea megan cheryl jacqueline madison teresa abigail sophia martha sara
    gloria janice kathryn ann isabella judy charlotte julia jane luis carlos juan ahmed mohammed priya wei
    """
)
"""Common given names, for a sentence that starts with one."""

SAYS = (
    r"(?:said|says|told|leads|led|wants|wanted|signed|founded|manages|managed|oversees|heads|chairs|joined|works|worked"
    r"|competes|announced|acquired|sells|sold|offers|offered|won|wins|holds|held|decides|decided|asked|asks|approved"
    r"|replaced|serves|served|runs|ran|owns|owned|supplies|supplied)"
)
"""What persons and companies do: behind an unknown capitalised word it makes that a name."""

ORDINARY = _set(
    """
    a about above according account across act action active activity actually add address administrators adopt
    after again against agree all allow almost along already also although always among an analyse analytics
    analyze and announce another answer answering any anyone anything anyway apply applying approach appropriate
    are area around as ask asking assess assessing assessment assign assume at attach attend auditing audit
    automate available avoid aware back background base based be because become been before begin behind being
    below benefit benefits best better between beyond bid bidders bids book both break brief briefly bring
    bringing budget budgets build building business but buy buyer buyers buying by call calling campus can
    capture career carefully case catch cater check checking choose cite citing city clarify classroom clear
    clearly close closely cloud coach collect college come comment commit communicate community compare compete
    complete compliance compliant concrete conduct confirm confirming connect connecting consider considering
    consult contact contacting contacts contract contracts contrast contribute copy cost costs could counties
    county coordinate course cover create credit cross current currently customers cut data date decide decision
    default define deliver demand demo demonstrate department departments depending depth describe despite
    detail details determine develop digital direct direction discuss discussing district districts do document
    documents does doing draft drafting drive drop due during each early education educators effort either email
    emails emphasise emphasize employees employers end engage enrolment enrollment ensure enter equally
    especially even evaluate evaluating evaluation every everyone everything evidence examine example expect
    expand explain explore exploring extend faculty families few file final finally find finding first fit flag
    focus focusing follow following for forward found frame framing free from full fund funding funds further
    gather generally get getting give given giving go goal goals going good government grant grants graduates
    group grow guide had handle has have having he headline hear help helping her here hers high highlight his
    hold how however identify if immediate implement importantly improve in include including increase indeed
    inform initial initially inquire inside instead institution institutions integrate integration interest
    internal into introduce investigate invest invite involve is issue it its itself join just keep keeping key
    kick know knowing knowledge last later lead leaders leadership leading learn learning least leave less let
    leverage librarians libraries library like likewise limit line link list listen listing local look looking
    low made mail main make making manage management many map mapping match matching may maybe mean meanwhile
    measure meet meeting meetings mention mentioning message might mind minutes month monitor more moreover most
    much must my name narrow near nearly need needs neither never nevertheless new next no nobody none nor not
    note nothing notice now of off offer offering often on once one online only onto open opening operations
    opportunities opportunity or order other others otherwise our out outline outreach outside over overall own
    page parents part participate partner partnering patrons pause pay people per perhaps person phone pick
    pilot pitch place plan planning plans platform please point pointing position possible post prepare
    preparing present presenting pricing principals prior prioritise prioritize privacy proactively procurement
    product professional program programme programs progress project projects promise prompt proof propose
    proposing proposal proposals prove provide providing public purchase purchases purchasing put question
    questions quickly quote raise rather reach reaching read reading real reason recent recommend record records
    recognise recognize recruiters refer referencing reference regarding relate relevant remember remind renew
    repeat reply replies request requests require research residents resources respond responding response
    responses result results return reuse revenue review reviewing right role room run safety sales save say
    schedule school schools score search searches second secure security see seek select send sending separately
    serve service services set several share sharing she shift short should show showing side signal signals
    similarly simple since single size skip slot small so software solution solutions some someone something
    soon sort source sources speak speaking specific specifically spend spending staff staffing start starting
    state states stay still stop strategic street stress strong student students study subject submit submitting
    success such suggest suggesting suggestion summarise summarize supply support supporting surface switch
    system systems tailor tailoring take taking talk talking target teacher teachers team teams technology tell
    term terms test than thank that the their them then there therefore these they thing things think third this
    those though through throughout tie time timing title to together too tools top toward towards track
    training transportation treat trust try trying turn tying under understand unless until up update upon use
    useful user users using utilities validate value vendor vendors verify via view visit voice wait walk
    walking want was watch we week weigh well were what whatever when whenever where whereas whether which while
    who whoever whole whom whose why will with within without wording work workflow workflows working would
    write writing year yes yet you young your
    """
)
"""Ordinary words with which sentences start."""

FUNCTION_WORDS = _set(
    """
    a an and or but nor so yet as at by for from in into of off on onto over per since than that the their
    them then there these they this those through to under until up upon via was were when where which while
    who whom whose why will with within without is are be been being has have had it its can could may might
    must should would do does did if because before after about against among around behind below beside
    between beyond during near next not plus both each either here how just more most only other rather same
    such too very what whether you your we our he she his her works work live lives attend attends gives shows
    makes means suggests puts says tells offers asks names counts comes stands looks points fits lies
    """
)
"""Words behind a figure that name nothing that it counts."""

COUNT_MODIFIERS = _set(
    """
    enrolled total full-time full-time-equivalent equivalent local different individual procurement public
    open actionable new candidate scored time full fte about across all known high-level state-wide
    """
)
"""Words between a count and its noun that leave what is counted as it is."""

OFFICES = _set(
    """
    Officer Director Manager Chief Superintendent President Head Dean Coordinator Administrator Supervisor
    Principal Clerk Engineer Analyst Secretary Treasurer Commissioner Chancellor Provost Registrar Librarian
    Counselor Mayor Trustee Agent Assistant Specialist Planner Marshal Captain Lieutenant Sheriff Chair
    Chairman Member Buyer Technician
    """
)
"""Last words of job titles."""

LEFT_OPEN = "the sentence does not say"
"""How the reason of a finding begins where nothing false is told, but the words don't say what a value is."""

UNLICENSED = "these words can't be seen to say"
"""How the reason of a finding begins where no licence knows the words beside a fact."""
