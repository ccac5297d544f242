// The orchard: draws the trees that a `data-orchard` part describes, names their numbers, and replays the months. What hangs
// where on a tree comes from its own name alone, so that it looks the same tomorrow. Without this script the table stands there.
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 176;
const HEIGHT = 208;
const GROUND = 186;
const MIDDLE = WIDTH / 2;
const LARGEST = 64; // the radius of a crown, in units of the drawing
const SMALLEST = 22;
const DOT = 4.7; // the radius of a fruit
const MOST = 60; // fruit on one tree
const FALLEN = 39;
const IN_CRATE = 7;
const STEP = 900; // milliseconds a month is looked at

/** Returns a source of numbers between 0 and 1 that says the same for the same text, ever. */
function numbersOf(text) {
  let state = 2166136261;
  for (const letter of text) state = Math.imul(state ^ letter.codePointAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Returns places in a round crown of the radius 1, each far from those before it. */
function places(random, count) {
  const found = [];
  const far = ([x, y]) => Math.min(...found.map(([a, b]) => (x - a) ** 2 + (y - b) ** 2), 4);
  while (found.length < count) {
    const tries = Array.from({ length: 12 }, () => {
      const [turn, out] = [random() * 2 * Math.PI, Math.sqrt(random())];
      return [Math.cos(turn) * out, Math.sin(turn) * out];
    });
    found.push(tries.reduce((best, each) => (far(each) > far(best) ? each : best)));
  }
  return found;
}

function shape(name, attributes, into) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  into?.append(made);
  return made;
}

const put = (each, x, y, across = 1, up = across) => {
  each.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) scale(${across.toFixed(3)}, ${up.toFixed(3)})`;
};

/** How far up a crown of this radius begins, and where its middle is. */
const stemOf = (radius) => (radius ? 18 + radius * 0.3 : 0);
const heightOf = (radius) => GROUND - stemOf(radius) - radius * 0.84;

/** Draws a tree once, of no size yet but with room for the largest that it was; what moves later is returned by name. */
function planted(tree, into, largest) {
  const random = numbersOf(tree.key);
  const top = Math.floor(heightOf(largest) - largest * 1.06 - 6);
  const svg = shape("svg", { viewBox: `0 ${top} ${WIDTH} ${HEIGHT - top}`, "aria-hidden": "true", class: "tree-picture" }, into);
  const wave = GROUND + (random() - 0.5) * 5;
  shape("path", { class: "tree-ground", d: `M-1 ${GROUND} Q${MIDDLE} ${wave} ${WIDTH + 1} ${GROUND} H4000` }, svg);
  const shade = shape("ellipse", { class: "tree-shade", rx: 1, ry: 1 }, svg);
  const trunk = shape("path", { class: "tree-trunk", d: "M-1 0 C-0.7 -0.3 -0.62 -0.6 -0.55 -1 L0.55 -1 C0.62 -0.6 0.7 -0.3 1 0 Z" }, svg);
  const sprout = shape("g", { class: "tree-sprout" }, svg);
  shape("path", { class: "tree-stem", d: "M0 0 C0.5 -6 0 -10 0 -15" }, sprout);
  shape("path", { class: "tree-leaf", d: "M0 -12 C-3 -19 -10 -19 -13 -17 C-12 -12 -6 -9 0 -12 Z" }, sprout);
  shape("path", { class: "tree-leaf", d: "M0 -14 C2 -21 9 -22 12 -20 C11 -15 6 -11 0 -14 Z" }, sprout);
  put(sprout, MIDDLE, GROUND);
  const crown = shape("g", { class: "tree-crown" }, svg);
  shape("circle", { r: 0.78 }, crown);
  const lobes = 8 + Math.floor(random() * 3);
  const turned = random() * Math.PI;
  for (let each = 0; each < lobes; each += 1) {
    const turn = turned + ((each + (random() - 0.5) * 0.35) / lobes) * 2 * Math.PI;
    const radius = 0.4 + random() * 0.12;
    const out = 1.04 - radius + (random() - 0.5) * 0.06;
    shape("circle", { cx: (Math.cos(turn) * out).toFixed(3), cy: (Math.sin(turn) * out).toFixed(3), r: radius.toFixed(3) }, crown);
  }
  for (let each = 0; each < 4; each += 1) {
    const [x, y] = [-0.22 + (random() - 0.5) * 0.62, -0.32 + (random() - 0.5) * 0.3];
    shape("circle", { class: "tree-light", cx: x.toFixed(3), cy: y.toFixed(3), r: (0.26 + random() * 0.12).toFixed(3) }, crown);
  }
  const hanging = places(random, MOST).map(([x, y]) => ({ x: x * 0.88, y: y * 0.85, turn: random(), dot: shape("circle", { r: DOT }, svg) }));
  const lying = Array.from({ length: FALLEN }, () => ({ across: random(), down: random(), dot: shape("circle", { r: DOT }, svg) }));
  const crate = shape("g", { class: "tree-crate", "data-band": "picked" }, svg);
  const inCrate = Array.from({ length: IN_CRATE }, (_, place) => {
    const row = place < 4 ? 0 : 1;
    const across = row ? (place - 5) * 6.4 : (place - 1.5) * 6.4;
    return shape("circle", { class: "fruit band-picked", cx: across.toFixed(1), cy: -10.5 - row * 5.4, r: 3.9 }, crate);
  });
  shape("path", { class: "tree-box", d: "M-14 -9 L14 -9 L12.6 0 L-12.6 0 Z" }, crate);
  shape("path", { class: "tree-slat", d: "M-13.3 -4.5 L13.3 -4.5" }, crate);
  return { crown, trunk, shade, sprout, hanging, lying, crate, inCrate };
}

/** Returns how many fruit stand for so many contacts: in proportion, and one at least where there is anybody. */
const fruitOf = (count, worth) => (count ? Math.max(1, Math.round(count / worth)) : 0);

/** Lets a tree look as it stood with these counts; `radius` is that of its crown. */
function grow({ crown, trunk, shade, sprout, hanging, lying, crate, inCrate }, counts, radius, worth) {
  const stem = stemOf(radius);
  const height = heightOf(radius);
  put(crown, MIDDLE, height, radius, radius * 0.97);
  put(trunk, MIDDLE, GROUND + 1, radius * 0.1 + 2, radius ? stem + radius * 0.35 : 0);
  put(shade, MIDDLE, GROUND + 1, radius * 0.86 + 6, radius * 0.05 + 3);
  sprout.classList.toggle("is-off", radius > 0);
  const [ripe, ripening] = [fruitOf(counts.ripe, worth), fruitOf(counts.ripening, worth)];
  const shown = Math.min(MOST, ripe + ripening + fruitOf(counts.growing, worth));
  // Which of them are ripe says a number of each place, so that from month to month the same fruit ripen.
  const order = hanging.slice(0, shown).sort((one, other) => one.turn - other.turn);
  const bands = new Map(order.map((each, place) => [each, place < ripe ? "ripe" : place < ripe + ripening ? "ripening" : "growing"]));
  for (const each of hanging) {
    put(each.dot, MIDDLE + each.x * radius, height + each.y * radius);
    colour(each.dot, bands.get(each));
  }
  const heap = Math.min(FALLEN, fruitOf(counts.rotting, worth));
  lying.forEach((each, place) => {
    const layer = Math.floor(place / 13);
    const breadth = Math.min(MIDDLE - 8, radius * 0.95 + 14) * (1 - layer * 0.22);
    // On the right stands the crate.
    put(each.dot, MIDDLE + (each.across * 1.5 - 1) * breadth, GROUND + each.down * 7 - layer * 6);
    colour(each.dot, place < heap ? "rotting" : undefined);
  });
  const picked = Math.min(IN_CRATE, fruitOf(counts.picked, worth));
  put(crate, Math.min(WIDTH - 16, MIDDLE + radius * 0.62 + 18), GROUND + 7);
  crate.classList.toggle("is-off", !picked);
  inCrate.forEach((dot, place) => dot.classList.toggle("is-off", place >= picked));
}

function colour(dot, band) {
  if (band) dot.dataset.band = band;
  dot.setAttribute("class", `fruit ${band ? `band-${band}` : "is-off"}`);
}

/** The picture of one part of the page: its trees, the month it shows, and what was said of it. */
class Orchard {
  constructor(part) {
    this.part = part;
    this.said = JSON.parse(part.dataset.orchard);
    this.write = new Intl.NumberFormat(document.documentElement.lang);
    this.list = part.querySelector("[data-trees]");
    this.slider = part.querySelector("[data-month]");
    this.button = part.querySelector("[data-play]");
    this.tip = part.querySelector("[data-tip]");
    const sums = this.said.trees.flatMap((tree) => tree.counts.map((month) => month.reduce((sum, each) => sum + each, 0)));
    this.most = Math.max(1, ...sums);
    this.trees = this.said.trees.map((tree) => this.plant(tree));
    this.list.replaceChildren(...this.trees.map((tree) => tree.item));
    this.stand(this.trees[0]);
    this.month = -1;
    this.show(Number(this.slider.value));
    this.listen();
    for (const each of part.querySelectorAll("[data-scripted]")) each.hidden = false;
  }

  /** Makes the place of a tree: the picture, which is a link to all its contacts, and below it name and numbers. */
  plant(tree) {
    const item = this.part.querySelector("template").content.firstElementChild.cloneNode(true);
    const find = (name) => item.querySelector(`[data-is=${name}]`);
    const planted_ = { tree, item, link: find("tree"), name: find("name"), all: find("contacts"), ripe: find("ripe") };
    planted_.name.textContent = tree.name;
    if (tree.page) planted_.name.href = tree.page;
    else planted_.name.removeAttribute("href");
    const sums = tree.counts.map((month) => month.reduce((sum, each) => sum + each, 0));
    planted_.parts = planted(tree, planted_.link, this.radiusOf(Math.max(...sums)));
    return planted_;
  }

  /** The radius of the crown of a tree with so many contacts: small ones still show what hangs on them. */
  radiusOf(contacts) {
    return contacts ? SMALLEST + (LARGEST - SMALLEST) * (contacts / this.most) ** 0.55 : 0;
  }

  countsOf(tree, month = this.month) {
    return Object.fromEntries(this.said.bands.map((band, place) => [band.key, tree.counts[month][place]]));
  }

  sumOf(counts) {
    return Object.values(counts).reduce((sum, each) => sum + each, 0);
  }

  /** The address of those whom a number of this month counts. */
  rowsOf(rows, number) {
    return `${rows}&number=${number}&hour=${this.said.months[this.month].hour}`;
  }

  /** Lets the picture of a tree lead to those of a band, or to everybody. */
  lead(found, band = this.said.everybody) {
    found.link.href = this.rowsOf(found.tree.rows, band);
  }

  counted(words, number) {
    return words[number === 1 ? 0 : 1].replace("%n", this.write.format(number));
  }

  show(month) {
    if (month === this.month) return;
    this.month = month;
    this.slider.value = month;
    this.slider.setAttribute("aria-valuetext", this.said.months[month].label);
    this.part.querySelector("[data-said]").textContent = this.said.months[month].label;
    for (const each of this.trees) this.draw(each);
    for (const link of this.part.querySelectorAll("[data-total]")) {
      const band = link.dataset.total;
      const total = this.said.total[month][this.said.bands.findIndex(({ key }) => key === band)];
      link.querySelector("b").textContent = this.write.format(total);
      link.href = this.rowsOf(this.said.rows, band);
      link.classList.toggle("is-none", !total);
    }
    this.keep();
    if (this.told) this.tell(this.told);
  }

  draw({ tree, item, link, all, ripe, parts }) {
    const counts = this.countsOf(tree);
    const contacts = this.sumOf(counts);
    grow(parts, counts, this.radiusOf(contacts), this.said.worth);
    item.classList.toggle("is-bare", !contacts);
    all.textContent = this.counted(this.said.words.contacts, contacts);
    ripe.textContent = this.counted(this.said.words.ripe, counts.ripe);
    all.href = link.href = this.rowsOf(tree.rows, this.said.everybody); // until the pointer stands on a fruit
    ripe.href = this.rowsOf(tree.rows, "ripe");
    const each = this.said.bands.filter(({ key }) => counts[key]).map(({ key, label }) => `${label} ${this.write.format(counts[key])}`);
    link.setAttribute("aria-label", [`${tree.name}: ${all.textContent}`, ...each].join(", "));
  }

  /** Keeps the month in the address of the page and of its twin. */
  keep() {
    const { key } = this.said.months[this.month];
    const isNow = this.month === this.said.months.length - 1;
    const kept = (address) => {
      isNow ? address.searchParams.delete("month") : address.searchParams.set("month", key);
      return address.href;
    };
    history.replaceState(history.state, "", kept(new URL(location.href)));
    for (const link of document.querySelectorAll("[data-twin]")) link.href = kept(new URL(link.href));
  }

  /** Lets one tree be reached by the tabulator; arrows lead to the others. */
  stand(here) {
    for (const each of this.trees) {
      for (const link of each.item.querySelectorAll("a")) link.tabIndex = each === here ? 0 : -1;
    }
  }

  of(target) {
    const item = target.closest?.("[data-trees] > li");
    return item && this.trees.find((each) => each.item === item);
  }

  /** Names the numbers of a tree beside it; `band` is the one that is pointed at. */
  tell(found, band = "") {
    this.told = found;
    const counts = this.countsOf(found.tree);
    const line = (label, number, key) => {
      const row = document.createElement("div");
      const [what, how] = ["dt", "dd"].map((name) => document.createElement(name));
      [what.textContent, how.textContent] = [label, this.write.format(number)];
      row.className = `band-mark band-${key}${key === band ? " is-here" : ""}`;
      row.append(what, how);
      return row;
    };
    const lines = this.said.bands.filter(({ key }) => counts[key] || key !== "disqualified").map(({ key, label }) => line(label, counts[key], key));
    this.tip.querySelector("[data-is=title]").textContent = found.tree.name;
    this.tip.querySelector("[data-is=above]").textContent = found.tree.above;
    this.tip.querySelector("dl").replaceChildren(...lines);
    this.tip.hidden = false;
    const [place, box] = [found.item, this.tip.offsetParent];
    const left = place.offsetLeft + place.offsetWidth / 2 + 58;
    const fits = left + this.tip.offsetWidth < box.clientWidth;
    this.tip.style.left = `${fits ? left : Math.max(4, place.offsetLeft + place.offsetWidth / 2 - 58 - this.tip.offsetWidth)}px`;
    this.tip.style.top = `${place.offsetTop + 8}px`;
  }

  hush() {
    this.told = null;
    this.tip.hidden = true;
  }

  listen() {
    const { list, slider, button } = this;
    slider.addEventListener("input", () => {
      this.stop();
      this.show(Number(slider.value));
    });
    button.addEventListener("click", () => (this.playing ? this.stop() : this.play()));
    // What is pointed at is what the link opens: a fruit those of its colour, the rest of the tree everybody.
    list.addEventListener("pointerover", ({ target, pointerType }) => {
      const found = this.of(target);
      if (!found) return;
      const band = target.closest("[data-band]:not(.is-off)")?.dataset.band;
      this.lead(found, band);
      if (pointerType !== "touch") this.tell(found, band);
    });
    list.addEventListener("pointerout", ({ target }) => {
      const found = this.of(target);
      if (found) this.lead(found);
    });
    list.addEventListener("pointerleave", () => this.hush());
    list.addEventListener("focusin", ({ target }) => {
      const found = this.of(target);
      if (!found) return;
      this.stand(found);
      if (!target.matches(":focus-visible")) return;
      this.tell(found);
    });
    list.addEventListener("focusout", () => this.hush());
    list.addEventListener("keydown", (event) => this.walk(event));
  }

  walk(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return void this.hush();
    const here = this.trees.indexOf(this.of(event.target));
    const top = (each) => each.item.offsetTop;
    const beside = Math.max(1, this.trees.filter((each) => top(each) === top(this.trees[0])).length);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -beside, ArrowDown: beside }[event.key];
    const next = { Home: 0, End: this.trees.length - 1 }[event.key] ?? (step ? here + step : NaN);
    if (Number.isNaN(next)) return;
    event.preventDefault();
    this.trees[next]?.link.focus();
  }

  play() {
    const last = this.said.months.length - 1;
    if (this.month === last) this.show(0);
    this.playing = setInterval(() => {
      if (!this.part.isConnected || this.month >= last) this.stop();
      else this.show(this.month + 1);
    }, STEP);
    this.name();
  }

  stop() {
    clearInterval(this.playing);
    this.playing = null;
    this.name();
  }

  name() {
    for (const each of this.button.querySelectorAll("[data-while]")) each.hidden = (each.dataset.while === "playing") !== Boolean(this.playing);
  }
}

document.addEventListener("htmx:load", ({ target }) => {
  const part = target.matches?.("[data-orchard]") ? target : target.querySelector?.("[data-orchard]");
  if (part && part.querySelector("[data-trees]").childElementCount === 0) new Orchard(part);
});
