"""Names of people, titles, bodies and systems that the invented world does not have."""

GIVEN = (
    "Marisol", "Thaddeus", "Bronwyn", "Callum", "Denise", "Ezekiel", "Fiona", "Gareth", "Harriet", "Ingrid",
    "Joaquin", "Keisha", "Lorenzo", "Mildred", "Nolan", "Ophelia", "Preston", "Roxanne", "Sylvester", "Tabitha",
    "Michael", "Karen",
)  # fmt: skip
FAMILIES = (
    "Abbott", "Boudreaux", "Carmichael", "Delacroix", "Ellison", "Farnsworth", "Grimaldi", "Hathaway", "Iverson",
    "Kowalczyk", "Lindqvist", "Montgomery", "Okonkwo", "Prescott", "Rutherford", "Sorensen", "Tremblay", "Vasquez",
)  # fmt: skip
TITLES = (
    "Chief Innovation Officer", "Director of Happiness", "Head of Vendor Relations", "Deputy Mayor",
    "Grants Coordinator", "Bursar", "Ombudsman", "Chief Data Officer",
)  # fmt: skip
BODIES = ("Aldermoor Township", "Northgate Academy", "Port of Kelling", "Pinecrest Unified School District")
SYSTEMS = ("PeopleSoft", "Handshake", "Blackboard", "Northwind Systems", "Tyler Munis", "Oracle", "Workday")
