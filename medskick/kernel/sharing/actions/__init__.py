"""The verbs of sharing: giving others a document, taking a stand on others', own wordings, new versions."""
