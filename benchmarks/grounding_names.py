"""Names of people, and titles, that nobody in the invented world has."""

GIVEN = (
    "Marisol", "Thaddeus", "Bronwyn", "Callum", "Denise", "Ezekiel", "Fiona", "Gareth", "Harriet", "Ingrid", "Joaquin",
    "Keisha", "Lorenzo", "Mildred", "Nolan", "Ophelia", "Preston", "Roxanne", "Sylvester", "Tabitha", "Michael", "Karen",
)  # fmt: skip
FAMILIES = (
    "Abbott", "Boudreaux", "Carmichael", "Delacroix", "Ellison", "Farnsworth", "Grimaldi", "Hathaway", "Iverson",
    "Kowalczyk", "Lindqvist", "Montgomery", "Okonkwo", "Prescott", "Rutherford", "Sorensen", "Tremblay", "Vasquez",
)  # fmt: skip
TITLES = (
    "Chief Innovation Officer", "Director of Happiness", "Head of Vendor Relations", "Deputy Mayor", "Grants Coordinator",
    "Bursar", "Ombudsman", "Chief Data Officer",
)  # fmt: skip
