/** The command line behind the launcher script. */
@NullMarked
package ai.callmeback.dev.cli;

import org.jspecify.annotations.NullMarked;
