"""Small labelling configs for tests."""

from sikap.labelling_config.scheme import Scheme
from sikap.labelling_config.scheme_from_xml import read_scheme

TEXT = '<Text name="text" value="$text"/>'
NER_AND_SENTIMENT = f"""<View>
  <!-- the usual template -->
  <Header value="Mark names"/>
  <Labels name="label" toName="text"><Label value="PER"/><Label value="ORG" alias="org"/></Labels>
  {TEXT}
  <View style="padding: 1em">
    <Choices name="sentiment" toName="text" choice="multiple">
      <Choice value="Positive"/><Choice value="Negative"/>
    </Choices>
  </View>
</View>"""


def labels(name: str = "label", values: tuple[str, ...] = ("A",), more: str = "") -> str:
    inside = "".join(f'<Label value="{value}"/>' for value in values)
    return f'<Labels name="{name}" toName="text" {more}>{inside}</Labels>'


def choices(name: str = "tone", values: tuple[str, ...] = ("x", "y"), more: str = "") -> str:
    inside = "".join(f'<Choice value="{value}"/>' for value in values)
    return f'<Choices name="{name}" toName="text" {more}>{inside}</Choices>'


REGION = 'perRegion="true"'


def read(*parts: str, span_key: tuple[str, ...] = ()) -> Scheme:
    return read_scheme(f"<View>{''.join(parts)}</View>".encode(), "config.xml", span_key)
