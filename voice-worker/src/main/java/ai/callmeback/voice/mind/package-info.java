/** What has been said, as it was heard, and what to say next. */
@NullMarked
package ai.callmeback.voice.mind;

import org.jspecify.annotations.NullMarked;
