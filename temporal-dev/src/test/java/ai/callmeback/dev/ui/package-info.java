/** The web UI in a real browser, against whole environments. */
@NullMarked
package ai.callmeback.dev.ui;

import org.jspecify.annotations.NullMarked;
