from mikoshi.scripting.dao import DAO as DAO

__version__: str
