from __future__ import annotations

from tests.support.content import make_content
from tinypack.profile.layers import node_lines

MODEL = """\
static void other(void) {
  NODE_DONE(9, 0, 0);
}

int kws_invoke(kws_t *self) {
  uint8_t *arena;
  if (self == NULL) {
    return KWS_E_NULL;
  }
  arena = self->arena;

  /* node 0 */
  tp_pad(&node_0_0);
  tp_conv(&node_0_1);
  NODE_DONE(0, arena, 4);

  /* node 2 */
  tp_softmax(&node_2);
  NODE_DONE(2, arena, 4);
  (void)arena;
  return KWS_OK;
}

int kws_top(const kws_t *self) {
  NODE_DONE(7, 0, 0);
}
"""


def test_lines_belong_to_the_node_that_is_done_after_them() -> None:
    assert node_lines(MODEL, "kws_invoke") == {12: 0, 13: 0, 14: 0, 15: 0, 17: 2, 18: 2, 19: 2}


def test_an_emitted_model_has_lines_of_each_node() -> None:
    content = make_content(ports=3)
    prefix = content.names.prefix
    lines = node_lines(content.sources[f"{prefix}/{prefix}_model.c"], f"{prefix}_invoke")
    assert set(lines.values()) == {step.node.index for step in content.program.steps}
