/** Value types shared by every feature: ids, telephone numbers, credits and money. No framework. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.domain;
