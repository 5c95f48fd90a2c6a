/** What the workflows of the calls are told, without a call ever waiting for it. */
@NullMarked
package ai.callmeback.voice.report;

import org.jspecify.annotations.NullMarked;
