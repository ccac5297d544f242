"""The words that the story is made of: names of people and companies that do not exist, titles, questions."""

FIRST_NAMES = (
    "Ada Agnes Aiko Amir Ana Anders Anya Arjun Astrid Aylin Bea Bilal Bruno Carla Carlos Cem Chiara "
    "Claire Dara David Diego Dieter Eda Elif Elin Emil Emma Erik Eva Farah Fatima Felix Femi Freya Gita "
    "Greta Hana Hugo Ida Igor Ines Ingrid Ivo Jana Jens Joao Jonas Julia Kaito Karim Kira Lars Laura Lea "
    "Leon Lina Lucia Luis Magnus Maja Marc Marta Mats Maya Mei Mia Milan Mina Nadia Nils Noor Nora Olga "
    "Omar Oscar Owen Paula Pedro Petra Priya Rafael Ravi Rosa Rui Sam Sara Selma Sofia Stefan Sven Tariq "
    "Tessa Theo Tomasz Uma Vera Viktor Wanda Yara Yuki Yusuf Zoe"
).split()
LAST_NAMES = (
    "Abara Adeyemi Almeida Andersson Arslan Bakker Banerjee Baptista Becker Berg Bianchi Borg Brandt "
    "Carvalho Castillo Cermak Chen Costa Dahl Demir Diallo Dubois Eriksen Esposito Fischer Fontaine "
    "Garcia Gruber Haddad Halvorsen Hansen Hartmann Hoffmann Horvat Ibrahim Ivanova Jansen Jensen Kaya "
    "Keller Khan Kimura Kowalski Kramer Kumar Larsen Laurent Lehmann Lind Lopez Mancini Marino Martin "
    "Mehta Meyer Moreau Mori Moreno Nagy Nakamura Nielsen Novak Nowak Okafor Oliveira Olsen Ortega "
    "Pereira Petrov Popescu Pritchard Rahman Ramos Reyes Ricci Rossi Roux Sato Schmidt Schneider Silva "
    "Singh Sorensen Steiner Suzuki Svensson Szabo Tanabe Thomsen Torres Ulrich Vargas Vogel Weber Weiss "
    "Wrona Yilmaz"
).split()
COMPANY_BEGINNINGS = (
    "Alder Amber Arctic Aspen Baltic Birch Bright Cedar Clear Coast Copper Crown Dale Delta East Elm Ever "
    "Fair Fern Field Fjord Forest Glen Gold Grand Green Harbor Hazel High Hill Iron Juniper Lake Larch "
    "Linden Lumen Maple Meadow Mill Moss North Nova Oak Olive Orchid Pine Polar Prime Quarry Rapid Red "
    "River Rowan Sand Silver Solar South Spring Star Stone Sun Swift Terra Thistle Timber Union Vale "
    "Verde Vista West White Willow Wind Winter Wolf"
).split()
COMPANY_ENDINGS = (
    "Foods Print Verlag Cosmetics Bakery Dairy Pharma Labels Beverages Coffee Confectionery Retail "
    "Logistics Textiles Toys Electronics Optics Gardens Paper Frozen"
).split()
LEGAL_FORMS = ("", "", "GmbH", "AG", "Ltd", "Inc.", "SA", "AS", "B.V.", "S.r.l.")

PLACES = (
    ("DE", "Hamburg", "+4940"),
    ("DE", "Munich", "+4989"),
    ("AT", "Vienna", "+431"),
    ("CH", "Zurich", "+4144"),
    ("NO", "Bergen", "+4755"),
    ("SE", "Malmo", "+4640"),
    ("DK", "Aarhus", "+4586"),
    ("NL", "Utrecht", "+3130"),
    ("FR", "Lyon", "+334"),
    ("IT", "Bologna", "+39051"),
    ("PL", "Poznan", "+4861"),
    ("ES", "Valencia", "+3496"),
    ("GB", "Leeds", "+44113"),
    ("US", "Chicago", "+1312"),
    ("CA", "Toronto", "+1416"),
    ("JP", "Osaka", "+816"),
)

# How many companies are there, against the others: home first.
PLACE_WEIGHTS = (12, 12, 14, 7, 4, 5, 5, 7, 8, 8, 5, 5, 6, 9, 3, 3)

INDUSTRIES = ("food", "beverages", "cosmetics", "pharma", "printing", "retail", "electronics", "logistics")

# Title, seniority, department, and how often.
TITLES = (
    ("Packaging engineer", "senior", "engineering", 18),
    ("Head of packaging", "director", "engineering", 12),
    ("Procurement manager", "manager", "procurement", 16),
    ("Plant manager", "director", "operations", 12),
    ("Chief operating officer", "c_level", "management", 5),
    ("Owner", "owner", "management", 5),
    ("Sustainability lead", "manager", "quality", 9),
    ("Buyer", "entry", "procurement", 12),
    ("Marketing assistant", "entry", "marketing", 6),
    ("VP supply chain", "vp", "operations", 5),
)

DECIDES = frozenset(
    title for title, seniority, _, _ in TITLES if seniority in {"director", "vp", "c_level", "owner"}
)
"""The titles of those who can decide."""

QUESTIONS = (
    "Does the line run 60 a minute on recycled board?",
    "What does a change of format cost us in minutes?",
    "Can you print variable data inline?",
    "Is there a machine for batches under 500?",
    "How do you prove that the film is recyclable?",
    "Who services the line in our country?",
    "Can we lease it?",
    "Does it fit under a ceiling of 2.80 m?",
)
CALL_NOTES = (
    "Wants figures on waste before the board meets.",
    "Contract with their present supplier ends in spring.",
    "Asked for a reference in the same trade.",
    "Budget is there, the hall is not built yet.",
    "Will bring the plant manager to the next call.",
    "Happy with the samples.",
)
RETURN_NOTES = (
    "Budget is decided in the new year.",
    "The hall is being rebuilt, no line before it stands.",
    "Just bought from somebody else, contract for two years.",
    "Likes it, but the plant manager changes in summer.",
    "Call again when the recycled board is certified.",
)
NO_FIT_NOTES = (
    "Only ten packs a day, by hand.",
    "A student writing a thesis.",
    "They make machines themselves.",
)
LOST_NOTES = (
    "Eight percent more than the next one.",
    "They keep the old line for another year.",
    "Service in their country was the point.",
    "No answer since the visit.",
)
DEALS = (
    "Two lines",
    "One line for small batches",
    "Inline printing",
    "Film to paper",
    "Service for five years",
)
STEPS = {
    "call": (
        "Call about the figures",
        "Ask who else decides",
        "Ask for a date to visit",
        "Call after the trial",
    ),
    "mail": ("Send the throughput sheet", "Send the reference", "Send the offer", "Send photos of the line"),
}
