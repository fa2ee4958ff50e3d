"""Comparing two pictures, in a browser, since nothing else here can read them."""

import base64

from playwright.sync_api import Page

# A pixel counts as another where a channel differs by more than this, of 255: text is smoothed a little differently.
UNLIKE = 24
_COMPARE = """async ([one, other, unlike]) => {
  const pixels = await Promise.all([one, other].map(async (data) => {
    const picture = await createImageBitmap(await (await fetch("data:image/png;base64," + data)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    canvas.drawImage(picture, 0, 0);
    return canvas.getImageData(0, 0, picture.width, picture.height);
  }));
  const [a, b] = pixels;
  if (a.width !== b.width || a.height !== b.height) return 1;
  let different = 0;
  for (let i = 0; i < a.data.length; i += 4)
    if ([0, 1, 2].some((channel) => Math.abs(a.data[i + channel] - b.data[i + channel]) > unlike)) different++;
  return different / (a.width * a.height);
}"""


def difference(page: Page, one: bytes, other: bytes) -> float:
    """The share of pixels, 0 to 1, that differ between two PNGs; 1 where they differ in size.

    In a blank page beside ``page``, whose own policy may forbid to read a picture.
    """
    if one == other:
        return 0.0
    blank = page.context.new_page()
    both = [base64.b64encode(picture).decode() for picture in (one, other)]
    share: float = blank.evaluate(_COMPARE, [*both, UNLIKE])
    blank.close()
    return share
