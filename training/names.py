"""Names for swapping: given names met in notes, and names of many origins. Data only."""

from __future__ import annotations

NAMES_TO_REPLACE = frozenset(
    "Aaron Adam Adele Agnes Aisha Alan Alex Alfie Ali Alice Alison Amanda Amy Andrea Andrew "
    "Andy Angela Anita Ann Anna Anne Anthony Arthur Ashley Barbara Barry Ben Beth Bev Brenda "
    "Brian Callum Carl Caroline Catherine Charlie Charlotte Chloe Chris Christine Claire Colin "
    "Connor Craig Daisy Daniel Danny Darren Dave David Dawid Deborah Debbie Denise Derek Diane "
    "Donna Doreen Dorothy Eddie Edward Eileen Elaine Eleanor Elizabeth Ella Ellie Emily Emma "
    "Eric Ethan Evie Fatima Fiona Freya Gareth Garry Gary Gavin Gemma Geoff George Gillian "
    "Gordon Graham Greg Hannah Harry Hassan Hayley Heather Helen Henry Holly Ian Isabel Isla "
    "Jacob Jacqueline Jake James Jamie Jane Janet Jason Jean Jeff Jenny Jessica Joan Joanne Joe "
    "John Jordan Joseph Josh Joyce Jude Julia Julie Karen Kate Katie Kayleigh Keith Kelly "
    "Kenneth Kerry Kevin Khalid Kian Kieran Kim Kirsty Kyle Laura Lauren Leanne Lee Leon Lewis "
    "Liam Linda Lisa Liz Lorraine Louise Lucy Luke Lynn Maisie Malcolm Margaret Maria Marie "
    "Martin Mary Matthew Maureen Megan Mia Michael Michelle Mick Mike Millie Mohammed Molly "
    "Nadia Naomi Natalie Nathan Neil Niamh Nicola Nigel Noah Nicole Oliver Olivia Oscar Owen "
    "Pamela Patricia Paul Pauline Peter Phil Philip Rachel Raj Rebecca Richard Rita Robert "
    "Roger Ronald Ross Rowan Roy Russell Ruth Ryan Sally Sam Samantha Samuel Sandra Sarah Scott "
    "Sean Sharon Sheila Shirley Sian Simon Sophie Stacey Stephen Steve Steven Stuart Susan "
    "Suzanne Tanya Terry Theresa Thomas Tim Tina Toby Tom Tony Tracey Tracy Trevor Valerie "
    "Vanessa Vera Wayne Wendy William Yvonne Zoe".split()
)
"""Given names often met in notes; none is also an ordinary word. Written for this project."""

_SURNAMES = (
    "Smith Jones Williams Taylor Davies Evans Thomas Johnson Roberts Walker Wright Robinson "
    "Thompson Hughes Edwards Lewis Harris Jackson Clarke Patel Khan Ahmed Hussain Begum Ali Singh "
    "Kaur Murphy Kelly Campbell Stewart Anderson Morgan Scott Murray Okafor Osei Iqbal Shah Nowak"
)
SURNAMES_TO_REPLACE = frozenset(_SURNAMES.split())
"""Surnames that are replaced where they follow a given name; after a title any name is."""

_ORIGINS = """
English | Emma Claire Joanne Tracey Darren Gary Lee Stuart | Smith Taylor Clarke Bennett Hobbs
Welsh | Bronwen Carys Ffion Angharad Rhodri Emyr Dafydd Iolo | Llewellyn Prosser Gwynne Vaughan
Scottish | Eilidh Mairi Morag Shona Hamish Iain Alasdair Fraser | MacLeod Campbell Sinclair Drummond
Irish | Siobhan Aoife Grainne Niamh Padraig Eoin Cormac Declan | O'Brien Murphy Gallagher Doyle
Traveller | Bridget Concepta Kathleen Nora Paddy Jimmy Miley Francie | Ward McDonagh Connors Mongan
Nigerian | Ifeoma Adaeze Folake Ngozi Chidi Emeka Ayodele Tunde | Okafor Adeyemi Nwosu Balogun
Ghanaian | Abena Akosua Efua Ama Kwame Kofi Kojo Yaw | Osei Mensah Boateng Asante
Somali | Hodan Ayaan Fadumo Sahra Abdi Liban Warsame Guled | Farah Warsame Abdullahi Jama
Zimbabwean | Thandiwe Rudo Tendai Chipo Tafadzwa Farai Themba Simba | Moyo Ncube Dube Sibanda
Caribbean | Shanice Marva Keisha Latoya Delroy Winston Leroy Errol | Campbell Grant Bogle Gayle
Pakistani | Parveen Nasreen Shazia Rukhsana Imran Tariq Bilal Shahid | Hussain Malik Iqbal Chaudhry
Bangladeshi | Nasrin Shirin Rahima Sultana Rafiq Shafiq Jamal Faruk | Miah Begum Chowdhury Uddin
Punjabi | Gurpreet Harjit Manjit Simran Jaswinder Balbir Kuldip Sukhdev | Singh Kaur Gill Dhillon
Indian | Priya Anjali Lakshmi Meena Rakesh Sanjay Vikram Aarav | Patel Sharma Iyer Nair
Tamil | Kavitha Malathi Sivani Vasuki Suresh Karthik Ganesh Arul | Sivakumar Nadarajah Raman
Arab | Layla Huda Samira Rania Samir Khalid Omar Yusuf | Haddad Mansour Saleh Nasser
Turkish | Ayse Elif Zeynep Emine Mehmet Emre Murat Hakan | Yilmaz Kaya Demir Ozturk
Iranian | Leila Shirin Nasim Maryam Reza Dariush Behrouz Farhad | Hosseini Karimi Rahimi Tehrani
Kurdish | Rojin Berivan Shilan Nazdar Azad Baran Rebin Serhat | Barzani Amedi Zaza Zebari
Polish | Agnieszka Katarzyna Malgorzata Ewa Tomasz Krzysztof Pawel Marek | Nowak Kowalski Zielinski
Romanian | Ioana Mihaela Elena Andreea Andrei Bogdan Vasile Florin | Popescu Ionescu Dumitru Stan
Ukrainian | Oksana Iryna Olena Nataliya Mykola Taras Bohdan Vasyl | Shevchenko Kovalenko Bondar
Lithuanian | Rasa Jurate Egle Daiva Tomas Vytautas Jonas Darius | Kazlauskas Petrauskas Butkus
Portuguese | Beatriz Fernanda Ines Marisa Joao Rui Paulo Thiago | Silva Ferreira Carvalho Pereira
Spanish | Carmen Lucia Pilar Ximena Mateo Javier Alejandro Diego | Garcia Fernandez Morales Quispe
Greek | Eleni Katerina Despina Anthi Dimitrios Giorgos Yiannis Stavros | Georgiou Ioannou Pappas
Jewish | Rivka Shoshana Chaya Miriam Menachem Shlomo Avi Yitzhak | Cohen Levy Goldberg Rosenthal
Chinese | Mei Jiawei Xiaoling Lihua Wei Jianguo Zhiming Haoran | Chen Wang Zhang Lau
Vietnamese | Linh Thuy Huong Ngoc Minh Tuan Duc Quang | Nguyen Tran Pham Hoang
Filipino | Maricel Rowena Luzviminda Analyn Jomar Reynaldo Rodel Arnel | Santos Reyes Bautista
Japanese | Hiroko Yumi Naoko Akemi Kenji Takeshi Hiroshi Satoru | Tanaka Suzuki Yamamoto Sato
also words | Grace Faith Rose Summer Mark Bill Rob Will | Marsh Wood Stone Price
"""
"""Origin, four given names of women and four of men, surnames."""

ORIGINS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    origin.strip(): (tuple(given.split()), tuple(surnames.split()))
    for origin, given, surnames in (line.split("|") for line in _ORIGINS.strip().splitlines())
}
"""Given names and surnames as met in Britain, by origin; the last are ordinary words as well.
Written for this project; a name does not tell where somebody comes from."""

NAMES_OF_MANY_ORIGINS = tuple(
    sorted({name for origin in list(ORIGINS)[1:-1] for name in ORIGINS[origin][0]})
)
"""Given names of all origins but the first and the last."""
