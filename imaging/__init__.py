"""From the bytes of a foreign image file to the pixels that people and models see.

errors < limits, formats, chunks < containers < opening < orientation, colour < showing; background
and locations separately. Pillow only; limits are arguments. The site and the models decode here and
nowhere else, so that a model sees exactly the pixels that a rater saw.
"""
