"""The model card: what whoever chooses a model must know of it, and what no program can find out.

Source: Mitchell et al., "Model Cards for Model Reporting", 2019; its sections, a sentence or two each
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tinypack.manifest_values import FileName, Line
from tinypack.options import Section

LONGEST = 1000  # characters
Said = Annotated[Line, Field(max_length=LONGEST)]


class Card(Section):
    """What users should know of the model before they trust it; every key may be left out. See model-card.md."""

    architecture: Said = Field("", description="What kind of model it is.")
    intended_use: Said = Field("", description="What it is for, and for whom.")
    out_of_scope: Said = Field("", description="What it must not be used for.")
    training_data: Said = Field("", description="What it was trained with: data set, size, licence.")
    evaluation_data: Said = Field("", description="What its figures were measured with, and how that was kept apart.")
    accuracy: Said = Field("", description="Figures, with what they are of: `91.6 % on Speech Commands v2 test`.")
    limitations: Said = Field("", description="Where it fails, or was never tried.")
    ethics: Said = Field("", description="Whom its errors harm; people whom its data leave out.")
    reference: Said = Field("", description="Paper, or page where the model comes from.")
    recording: FileName | None = Field(
        None, description="A recording in the project, whose decisions are shown in time; only with features."
    )
