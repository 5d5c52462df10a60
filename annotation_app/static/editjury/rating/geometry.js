// Where two pictures lie in their frames: one scale and one centre for both. No page in here.

const DEEPEST = 32; // screen pixels per image pixel

export class Geometry {
  scale = 1;
  #frame = { width: 1, height: 1 };
  #image = { width: 1, height: 1 };
  #centre = { x: 0.5, y: 0.5 }; // image pixels at the middle of the frame
  #isFitted = true;

  /** The pictures' common extent; a new item starts fitted, another candidate keeps the view. */
  setImages(a, b, { keepView }) {
    this.#image = { width: Math.max(a.width, b.width), height: Math.max(a.height, b.height) };
    if (!keepView) this.fit();
  }

  setFrame(width, height) {
    this.#frame = { width: Math.max(width, 1), height: Math.max(height, 1) };
    if (this.#isFitted) this.fit();
  }

  /** The whole of the larger picture in view. */
  fit() {
    this.#isFitted = true;
    this.scale = this.#fitScale();
    this.#centre = { x: this.#image.width / 2, y: this.#image.height / 2 };
  }

  zoomTo(scale, x = this.#frame.width / 2, y = this.#frame.height / 2) {
    const wanted = Math.min(Math.max(scale, this.#fitScale() / 2), DEEPEST);
    const fromMiddle = { x: x - this.#frame.width / 2, y: y - this.#frame.height / 2 };
    this.#centre.x += fromMiddle.x / this.scale - fromMiddle.x / wanted;
    this.#centre.y += fromMiddle.y / this.scale - fromMiddle.y / wanted;
    this.scale = wanted;
    this.#isFitted = false;
    this.#keepInView();
  }

  zoomBy(factor, x, y) {
    this.zoomTo(this.scale * factor, x, y);
  }

  /** Move the picture by screen pixels. */
  pan(dx, dy) {
    this.#isFitted = false;
    this.#centre.x -= dx / this.scale;
    this.#centre.y -= dy / this.scale;
    this.#keepInView();
  }

  /** The CSS transform of a stage whose origin is the frame's top left corner. */
  transform() {
    const x = this.#frame.width / 2 - this.#centre.x * this.scale;
    const y = this.#frame.height / 2 - this.#centre.y * this.scale;
    return `translate(${x}px, ${y}px) scale(${this.scale})`;
  }

  /** The image column that lies at a share of the frame's width. */
  frameShareToImage(share) {
    return this.#centre.x + ((share - 0.5) * this.#frame.width) / this.scale;
  }

  #fitScale() {
    const { width, height } = this.#image;
    return Math.min(this.#frame.width / width, this.#frame.height / height, DEEPEST);
  }

  #keepInView() {
    this.#centre.x = Math.min(Math.max(this.#centre.x, 0), this.#image.width);
    this.#centre.y = Math.min(Math.max(this.#centre.y, 0), this.#image.height);
  }
}
