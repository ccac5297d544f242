// The few scripts of the face; each enhances plain HTML that works without it.
import "./main.css";
import "./htmx.js";
import "./dialogs.js";
import "./rows.js";
import "./beside.js";
import "./keys.js";
import "./help.js";
import "./forms.js";
import "./pickers.js";
import "./mentions.js";
import "./tree.js";
import "./toasts.js";
import "./search.js";
import "./bell.js";
import "./renew.js";
import "./print.js";
import "./orchard.js";
